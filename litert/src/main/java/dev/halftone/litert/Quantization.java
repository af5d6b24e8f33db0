package dev.halftone.litert;

import dev.halftone.scheme.Affine;
import java.util.List;

/// What the integers of a tensor stand for, as the file has it: real = scale * (integer - zeroPoint).
///
/// @param scales one, or one for each index along `axis`; none where the integers mean themselves
/// @param zeroPoint of all of them
/// @param axis along which the scales stand, where there are several
record Quantization(List<Float> scales, int zeroPoint, int axis) {

  static final Quantization NONE = new Quantization(List.of(), 0, 0);

  Quantization {
    scales = List.copyOf(scales);
  }

  static Quantization of(Affine grid) {
    return new Quantization(List.of(grid.scale()), grid.zeroPoint(), 0);
  }

  static Quantization symmetric(List<Float> scales, int axis) {
    return new Quantization(scales, 0, axis);
  }

  /// The same for integers that are greater by this.
  Quantization moved(int by) {
    return new Quantization(scales, zeroPoint + by, axis);
  }
}
