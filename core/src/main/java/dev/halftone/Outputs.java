package dev.halftone;

import dev.halftone.data.Dataset;
import dev.halftone.engine.InOrder;
import dev.halftone.engine.Runner;
import dev.halftone.engine.Runtime;
import dev.halftone.graph.Model;
import dev.halftone.tensor.DType;
import java.util.ArrayList;
import java.util.List;

/// What a model gives, as plain numbers.
final class Outputs {

  private Outputs() {}

  /// The elements of all outputs of each sample.
  static List<float[]> of(Runtime runtime, Model model, Dataset data, int threads) {
    List<float[]> all = new ArrayList<>();
    try (Runner runner = runtime.open(model, Runtime.Options.SERVING)) {
      InOrder.run(data.size(), threads, sample -> elements(runner, data, sample), all::add);
    }
    return all;
  }

  private static float[] elements(Runner runner, Dataset data, int sample) {
    List<float[]> parts = new ArrayList<>();
    runner.run(
        data.sample(sample).inputs(),
        outputs ->
            outputs.values().stream()
                .filter(tensor -> tensor.dtype() == DType.FLOAT)
                .forEach(tensor -> parts.add(tensor.toFloats())));
    int count = parts.stream().mapToInt(part -> part.length).sum();
    float[] all = new float[count];
    int at = 0;
    for (float[] part : parts) {
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    return all;
  }
}
