package dev.halftone.integer;

import dev.halftone.scheme.Affine;
import dev.halftone.scheme.QuantizedType;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import java.util.Optional;
import java.util.Set;

/// A tensor of a fixed shape: int8, int16 with zero point 0, or the int32 positions that an ArgMax makes.
///
/// @param name of the float model's tensor that it stands for
/// @param shape as it is stored: rank 4 is NHWC wherever an operation gives axes a meaning
/// @param grid the real numbers that the integers mean; no kernel reads more than the zero point
/// @param constant the integers, row-major and little-endian, where they are known beforehand
public record IntegerTensor(String name, Shape shape, Affine grid, Optional<byte[]> constant) {

  private static final Set<QuantizedType> TYPES =
      Set.of(QuantizedType.INT8, QuantizedType.INT16, QuantizedType.INT32);

  public IntegerTensor {
    if (!TYPES.contains(grid.type())) {
      throw new IllegalArgumentException("tensors are int8, int16 or int32, not " + grid.type());
    }
    if (!grid.type().equals(QuantizedType.INT8) && grid.zeroPoint() != 0) {
      throw new IllegalArgumentException("the zero point of " + grid.type() + " is 0");
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

  /// Bytes of an integer.
  public int width() {
    return type().bits() / Byte.SIZE;
  }

  public boolean isWide() {
    return type() == DType.INT16;
  }

  public DType type() {
    return grid.type().storage();
  }

  /// As an image of one column: a linear layer is a 1x1 convolution of its rows.
  public IntegerTensor rows() {
    int last = dim(-1);
    return new IntegerTensor(name, new Shape(1, count() / last, 1, last), grid, Optional.empty());
  }

  public int dim(int axis) {
    return Math.toIntExact(shape.dim(axis));
  }

  public int zeroPoint() {
    return grid.zeroPoint();
  }
}
