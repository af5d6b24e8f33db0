/// Numbers and counts in words.
@NullMarked
package dev.halftone.wording;

import org.jspecify.annotations.NullMarked;
