package dev.halftone;

import dev.halftone.data.Dataset;
import dev.halftone.engine.InOrder;
import dev.halftone.engine.Runner;
import dev.halftone.engine.Runtime;
import dev.halftone.graph.Model;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What models of one network give, as plain numbers in which every output counts alike: of several outputs each is divided by its root mean
/// square in the float model, so that boxes of hundreds do not drown scores below 1. One output stands as it is.
final class Outputs {

  private final Runtime runtime;
  private final Dataset data;
  private final int threads;

  /// By output; empty where there is one only.
  private final Map<String, Double> sizes;

  private Outputs(Runtime runtime, Dataset data, int threads, Map<String, Double> sizes) {
    this.runtime = runtime;
    this.data = data;
    this.threads = threads;
    this.sizes = sizes;
  }

  /// @param reference the float model
  static Outputs besides(Runtime runtime, Model reference, Dataset data, int threads) {
    if (reference.graph().outputs().size() < 2) {
      return new Outputs(runtime, data, threads, Map.of());
    }
    Map<String, double[]> sums = new HashMap<>(); // [power, elements]
    try (Runner runner = runtime.open(reference, Runtime.Options.SERVING)) {
      InOrder.run(
          data.size(),
          threads,
          sample -> powers(runner, data, sample),
          powers ->
              powers.forEach((name, power) -> {
                double[] sum = sums.computeIfAbsent(name, _ -> new double[2]);
                sum[0] += power[0];
                sum[1] += power[1];
              }));
    }
    Map<String, Double> sizes = new HashMap<>();
    sums.forEach((name, sum) -> {
      double size = Math.sqrt(sum[0] / Math.max(1, sum[1]));
      sizes.put(name, size > 0 && Double.isFinite(size) ? size : 1);
    });
    return new Outputs(runtime, data, threads, sizes);
  }

  /// The elements of all outputs of each sample.
  List<float[]> of(Model model) {
    List<float[]> all = new ArrayList<>();
    try (Runner runner = runtime.open(model, Runtime.Options.SERVING)) {
      InOrder.run(data.size(), threads, sample -> elements(runner, sample), all::add);
    }
    return all;
  }

  private static Map<String, double[]> powers(Runner runner, Dataset data, int sample) {
    Map<String, double[]> powers = new HashMap<>();
    runner.run(
        data.sample(sample).inputs(),
        outputs ->
            outputs.forEach((name, tensor) -> {
              if (tensor.dtype() == DType.FLOAT) {
                powers.put(name, new double[] {power(tensor), tensor.count()});
              }
            }));
    return powers;
  }

  private static double power(Tensor tensor) {
    double power = 0;
    for (float value : tensor.toFloats()) {
      power += Float.isFinite(value) ? (double) value * value : 0;
    }
    return power;
  }

  private float[] elements(Runner runner, int sample) {
    List<float[]> parts = new ArrayList<>();
    runner.run(
        data.sample(sample).inputs(),
        outputs ->
            outputs.forEach((name, tensor) -> {
              if (tensor.dtype() == DType.FLOAT) {
                parts.add(sized(tensor.toFloats(), sizes.getOrDefault(name, 1.0)));
              }
            }));
    int count = parts.stream().mapToInt(part -> part.length).sum();
    float[] all = new float[count];
    int at = 0;
    for (float[] part : parts) {
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    return all;
  }

  private static float[] sized(float[] values, double size) {
    for (int i = 0; size != 1 && i < values.length; i++) {
      values[i] = (float) (values[i] / size);
    }
    return values;
  }
}
