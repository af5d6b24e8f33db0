package dev.halftone.verify;

import dev.halftone.metric.Cosines;
import java.util.OptionalInt;

/// The vectors of both models for one input in an embedding.
///
/// @param reference // [vectors][width]
/// @param quantized // [vectors][width]
/// @param tokens length of the text that they are of
record VectorPair(float[] reference, float[] quantized, int width, OptionalInt tokens) {

  Cosines cosines() {
    return Cosines.of(reference, quantized, width);
  }

  /// True where the input has one vector: it can be a query.
  boolean isOne() {
    return width > 0 && reference.length == width;
  }
}
