/// Broken copies of good files, for tests that read them.
@NullMarked
package dev.halftone.fuzz;

import org.jspecify.annotations.NullMarked;
