package dev.halftone.session;

import dev.halftone.engine.Backend.Options;
import dev.halftone.engine.Progress;
import dev.halftone.engine.Runner;
import dev.halftone.format.onnx.OnnxReader;
import dev.halftone.graph.Value;
import dev.halftone.measure.MemoryUse;
import dev.halftone.onnxruntime.OrtRuntime;
import dev.halftone.tensor.Tensor;
import dev.halftone.verify.Latency;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// The cost of running a model on this machine.
///
/// @param file as it was given
/// @param bytes of the file and of its external data
/// @param loadMillis to make it ready to run, once
/// @param memoryBytes that it adds to a process, where the system tells
public record Benchmark(
    String file, long bytes, double loadMillis, Latency latency, Optional<Long> memoryBytes) {

  private static final long SEED = 1;
  private static final int RUNS_FOR_MEMORY = 3;

  /// Milliseconds of one run: the median.
  public double medianMillis() {
    return latency.medianMillis();
  }

  /// Measures models side by side: their runs take turns. Results are in the order of the files; ratios are to the first.
  ///
  /// @param inputs what to feed a model, by what it asks for
  static List<Benchmark> measure(
      OrtRuntime runtime,
      List<Path> files,
      Function<List<Value>, Map<String, Tensor>> inputs,
      Options options,
      Latency.Budget budget,
      Progress.Stages stages) {
    List<Runner> runners = new ArrayList<>();
    List<Double> loadMillis = new ArrayList<>();
    List<Latency.Subject> subjects = new ArrayList<>();
    try {
      Progress loading = stages.stage("Loading", files.size());
      for (Path file : files) {
        OrtRuntime.check(file);
        long start = System.nanoTime();
        Runner runner = runtime.load(file, options);
        loadMillis.add((System.nanoTime() - start) / 1e6);
        runners.add(runner);
        subjects.add(new Latency.Subject(file.toString(), runner, inputs.apply(runner.inputs())));
        loading.step();
      }
      stages.stage("Timing", 0);
      List<Latency> latencies = Latency.measure(subjects, budget, SEED);
      Progress weighing = stages.stage("Weighing memory", files.size());
      List<Benchmark> results = new ArrayList<>();
      for (int i = 0; i < files.size(); i++) {
        Path file = files.get(i);
        results.add(
            new Benchmark(
                file.toString(),
                OnnxReader.bytesOnDisk(file),
                loadMillis.get(i),
                latencies.get(i),
                MemoryUse.measure(file, subjects.get(i).inputs(), RUNS_FOR_MEMORY, options)
                    .map(MemoryUse::bytes)));
        weighing.step();
      }
      return results;
    } finally {
      runners.forEach(Runner::close);
    }
  }
}
