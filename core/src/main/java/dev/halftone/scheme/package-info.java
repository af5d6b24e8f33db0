/// The arithmetic of quantization: integer grids, scales, zero points, rounding.
@NullMarked
package dev.halftone.scheme;

import org.jspecify.annotations.NullMarked;
