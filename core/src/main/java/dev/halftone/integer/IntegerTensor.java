package dev.halftone.integer;

import dev.halftone.scheme.Affine;
import dev.halftone.scheme.QuantizedType;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import java.util.Optional;

/// A tensor of a fixed shape: int8, or the int32 positions that an ArgMax makes.
///
/// @param name of the float model's tensor that it stands for
/// @param shape as it is stored: rank 4 is NHWC wherever an operation gives axes a meaning
/// @param grid the real numbers that the integers mean; no kernel reads more than the zero point
/// @param constant the integers, row-major and little-endian, where they are known beforehand
public record IntegerTensor(String name, Shape shape, Affine grid, Optional<byte[]> constant) {

  public IntegerTensor {
    if (!grid.type().equals(QuantizedType.INT8) && !grid.type().equals(QuantizedType.INT32)) {
      throw new IllegalArgumentException("tensors are int8 or int32, not " + grid.type());
    }
    if (constant.isPresent()
        && constant.get().length != grid.type().storage().bytes(shape.count())) {
      throw new IllegalArgumentException(
          constant.get().length + " bytes do not fill shape " + shape + " of " + grid.type());
    }
  }

  public int count() {
    return Math.toIntExact(shape.count());
  }

  /// What its integers take.
  public int bytes() {
    return Math.toIntExact(type().bytes(shape.count()));
  }

  public DType type() {
    return grid.type().storage();
  }

  public int dim(int axis) {
    return Math.toIntExact(shape.dim(axis));
  }

  public int zeroPoint() {
    return grid.zeroPoint();
  }
}
