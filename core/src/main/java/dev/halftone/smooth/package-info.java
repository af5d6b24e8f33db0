/// Normalizations whose channels are shifted and scaled before products read them as integers, so that results stay what they were.
@NullMarked
package dev.halftone.smooth;

import org.jspecify.annotations.NullMarked;
