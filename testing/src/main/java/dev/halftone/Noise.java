package dev.halftone;

import dev.halftone.data.Dataset;
import dev.halftone.data.Sample;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;

/// Random pictures of 3 x 12 x 12.
public record Noise(int size) implements Dataset {
  @Override
  public Sample sample(int index) {
    Random random = new Random(index);
    float[] values = new float[3 * 12 * 12];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (random.nextGaussian() + Math.sin(index + i * 0.1));
    }
    Tensor tensor = Tensor.of(new Shape(1, 3, 12, 12), values);
    return new Sample("s" + index, Map.of("input", tensor), OptionalInt.empty());
  }

  @Override
  public String description() {
    return size + " random pictures";
  }
}
