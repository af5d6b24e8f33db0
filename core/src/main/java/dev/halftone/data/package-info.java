/// Samples to calibrate and verify with: folders of pictures, numpy arrays, and how they become model inputs.
@NullMarked
package dev.halftone.data;

import org.jspecify.annotations.NullMarked;
