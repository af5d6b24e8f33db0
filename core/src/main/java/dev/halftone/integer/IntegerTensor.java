package dev.halftone.integer;

import dev.halftone.scheme.Affine;
import dev.halftone.scheme.QuantizedType;
import dev.halftone.tensor.Shape;
import java.util.Optional;

/// An int8 tensor of a fixed shape.
///
/// @param name of the float model's tensor that it stands for
/// @param shape as it is stored: rank 4 is NHWC wherever an operation gives axes a meaning
/// @param grid the real numbers that the integers mean; no kernel reads more than the zero point
/// @param constant the integers, row-major, where they are known beforehand
public record IntegerTensor(String name, Shape shape, Affine grid, Optional<byte[]> constant) {

  public IntegerTensor {
    if (!grid.type().equals(QuantizedType.INT8)) {
      throw new IllegalArgumentException("activations are int8, not " + grid.type());
    }
    if (constant.isPresent() && constant.get().length != shape.count()) {
      throw new IllegalArgumentException(
          constant.get().length + " integers do not fill shape " + shape);
    }
  }

  public int count() {
    return Math.toIntExact(shape.count());
  }

  public int dim(int axis) {
    return Math.toIntExact(shape.dim(axis));
  }

  public int zeroPoint() {
    return grid.zeroPoint();
  }
}
