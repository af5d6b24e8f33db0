package dev.halftone.testing;

import dev.halftone.data.Dataset;
import dev.halftone.data.RandomInputs;
import dev.halftone.data.Sample;
import dev.halftone.graph.Model;
import java.util.Map;
import java.util.OptionalInt;

/// Four samples of noise.
public record NoiseFor(Model model) implements Dataset {

  @Override
  public int size() {
    return 4;
  }

  @Override
  public Sample sample(int index) {
    return new Sample(
        "noise " + index,
        RandomInputs.of(model.graph().requiredInputs(), Map.of(), index),
        OptionalInt.empty());
  }

  @Override
  public String description() {
    return "noise";
  }
}
