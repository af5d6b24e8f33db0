package dev.halftone;

import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.Random;

/// Tensors of normal numbers.
public final class Normal {

  private Normal() {}

  public static Tensor tensor(Random random, double deviation, long... dims) {
    Shape shape = new Shape(dims);
    float[] values = new float[Math.toIntExact(shape.count())];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (deviation * random.nextGaussian());
    }
    return Tensor.of(shape, values);
  }
}
