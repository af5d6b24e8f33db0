package dev.halftone.verify;

import dev.halftone.data.Dataset;
import dev.halftone.engine.Backend;
import dev.halftone.engine.InOrder;
import dev.halftone.engine.Runner;
import dev.halftone.graph.Model;
import dev.halftone.tensor.DType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/// The outputs of models of one network, as plain numbers in which every output counts alike. Of several outputs each is divided
/// by its root mean square in the float model, so that boxes of hundreds do not drown scores below 1. One output stands as it is.
public final class NetworkOutputs {

  private final Backend runtime;
  private final Dataset data;
  private final int threads;

  /// By output; empty where there is one only.
  private final Map<String, Double> sizes = new HashMap<>();

  private final List<float[]> wanted = new ArrayList<>();

  private NetworkOutputs(Backend runtime, Dataset data, int threads) {
    this.runtime = runtime;
    this.data = data;
    this.threads = threads;
  }

  /// @param reference the float model
  public static NetworkOutputs besides(
      Backend runtime, Model reference, Dataset data, int threads) {
    NetworkOutputs outputs = new NetworkOutputs(runtime, data, threads);
    if (reference.graph().outputs().size() < 2) {
      outputs.run(reference, outputs::joined, outputs.wanted::add);
    } else {
      outputs.measure(reference);
    }
    return outputs;
  }

  /// Sizes are known once all samples were seen.
  private void measure(Model reference) {
    Deque<Map<String, float[]>> samples = new ArrayDeque<>();
    Map<String, double[]> sums = new HashMap<>(); // [power, elements]
    run(
        reference,
        sample -> sample,
        sample -> {
          samples.add(sample);
          sample.forEach((name, values) -> {
            double[] sum = sums.computeIfAbsent(name, _ -> new double[2]);
            sum[0] += power(values);
            sum[1] += values.length;
          });
        });
    sums.forEach((name, sum) -> {
      double size = Math.sqrt(sum[0] / Math.max(1, sum[1]));
      sizes.put(name, size > 0 && Double.isFinite(size) ? size : 1);
    });
    while (!samples.isEmpty()) {
      wanted.add(joined(samples.remove()));
    }
  }

  /// Those of the float model: the elements of all outputs of each sample.
  public List<float[]> wanted() {
    return Collections.unmodifiableList(wanted);
  }

  /// The elements of all outputs of each sample.
  public List<float[]> of(Model model) {
    List<float[]> all = new ArrayList<>();
    run(model, this::joined, all::add);
    return all;
  }

  /// @param make is given the floats of a sample by output
  private <T> void run(Model model, Function<Map<String, float[]>, T> make, Consumer<T> take) {
    try (Runner runner = runtime.open(model, Backend.Options.SERVING)) {
      InOrder.run(data.size(), threads, sample -> make.apply(floats(runner, sample)), take);
    }
  }

  private Map<String, float[]> floats(Runner runner, int sample) {
    Map<String, float[]> floats = new LinkedHashMap<>();
    runner.run(
        data.sample(sample).inputs(),
        outputs ->
            outputs.forEach((name, tensor) -> {
              if (tensor.dtype() == DType.FLOAT) {
                floats.put(name, tensor.toFloats());
              }
            }));
    return floats;
  }

  private static double power(float[] values) {
    double power = 0;
    for (float value : values) {
      power += Float.isFinite(value) ? (double) value * value : 0;
    }
    return power;
  }

  private float[] joined(Map<String, float[]> floats) {
    float[] all = new float[floats.values().stream().mapToInt(part -> part.length).sum()];
    int at = 0;
    for (Map.Entry<String, float[]> output : floats.entrySet()) {
      double size = sizes.getOrDefault(output.getKey(), 1.0);
      for (float value : output.getValue()) {
        all[at++] = size == 1 ? value : (float) (value / size);
      }
    }
    return all;
  }
}
