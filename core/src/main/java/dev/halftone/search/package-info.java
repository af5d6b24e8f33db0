/// Searches for a recipe: candidates are tried, scored and compared, and fall back to floats or 16 bits where integers do damage.
@NullMarked
package dev.halftone.search;

import org.jspecify.annotations.NullMarked;
