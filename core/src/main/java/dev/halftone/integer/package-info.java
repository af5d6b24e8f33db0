/// A network of integers only: the one truth that the engine, the LiteRT writer and the C writer read.
///
/// Arithmetic follows TFLite's 8-bit quantization specification; layouts are NHWC, so that neither LiteRT nor C needs a transpose.
@NullMarked
package dev.halftone.integer;

import org.jspecify.annotations.NullMarked;
