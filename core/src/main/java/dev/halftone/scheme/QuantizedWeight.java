package dev.halftone.scheme;

import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.stream.IntStream;

/// Weights as integers.
///
/// @param shape that of the float weights
/// @param grid the real numbers that the integers stand for
/// @param values [shape, row-major] in the grid's type
public record QuantizedWeight(Shape shape, Grid grid, byte[] values) {

  public QuantizedWeight {
    if (values.length != shape.count() || !grid.fits(shape)) {
      throw new IllegalArgumentException(
          values.length
              + " weights with "
              + grid.scales().length
              + " scales do not fit shape "
              + shape);
    }
  }

  /// The weights as an INT8 tensor.
  public Tensor integers() {
    return Tensor.of(DType.INT8, shape, values);
  }

  /// The transposed matrix, for weights of two axes.
  public QuantizedWeight transposed() {
    int rows = Math.toIntExact(shape.dim(0));
    int columns = Math.toIntExact(shape.dim(1));
    byte[] turned = new byte[values.length];
    for (int i = 0; i < turned.length; i++) {
      turned[i] = values[i % rows * columns + i / rows];
    }
    return new QuantizedWeight(new Shape(columns, rows), grid.transposed(shape), turned);
  }

  /// The integers that occur, ascending.
  public int[] occurring() {
    boolean[] occurs = new boolean[1 << Byte.SIZE];
    for (byte value : values) {
      occurs[value - Byte.MIN_VALUE] = true;
    }
    return IntStream.rangeClosed(Byte.MIN_VALUE, Byte.MAX_VALUE)
        .filter(value -> occurs[value - Byte.MIN_VALUE])
        .toArray();
  }

  /// The real numbers that the integers stand for.
  public Tensor dequantized() {
    float[] real = new float[values.length];
    ScaleIndex scale = grid.granularity().index(shape);
    for (int i = 0; i < real.length; i++) {
      real[i] = grid.scales()[scale.of(i)] * values[i];
    }
    return Tensor.of(shape, real);
  }
}
