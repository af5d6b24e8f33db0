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

  /// Power of the error, without what is the same in every sample: biases make up for that.
  ///
  /// @param wanted of each sample
  /// @param given likewise
  static double scatter(List<float[]> wanted, List<float[]> given) {
    int elements = wanted.stream().mapToInt(one -> one.length).min().orElse(0);
    double power = 0;
    for (int i = 0; i < elements; i++) {
      double sum = 0;
      double squares = 0;
      for (int s = 0; s < wanted.size(); s++) {
        double error = (double) given.get(s)[i] - wanted.get(s)[i];
        sum += error;
        squares += error * error;
      }
      power += squares - sum * sum / wanted.size();
    }
    return power;
  }
}
