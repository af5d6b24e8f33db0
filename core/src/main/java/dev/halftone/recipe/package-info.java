/// What the user asked for: bits, observer, what to leave alone.
@NullMarked
package dev.halftone.recipe;

import org.jspecify.annotations.NullMarked;
