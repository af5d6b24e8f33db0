package dev.halftone;

import dev.halftone.data.Dataset;
import dev.halftone.data.Sample;
import dev.halftone.tensor.Shape;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;

/// Samples of normal numbers for a network's only input.
public record NormalNoise(int size, String input, Shape shape) implements Dataset {
  @Override
  public Sample sample(int index) {
    return new Sample(
        "s" + index,
        Map.of(input, Normal.tensor(new Random(index), 1, shape.dims())),
        OptionalInt.empty());
  }

  @Override
  public String description() {
    return size + " samples of noise";
  }
}
