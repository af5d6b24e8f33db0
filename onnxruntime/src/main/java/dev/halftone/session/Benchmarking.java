package dev.halftone.session;

import dev.halftone.UnusableInputException;
import dev.halftone.data.RandomInputs;
import dev.halftone.engine.Backend.Optimization;
import dev.halftone.engine.Backend.Options;
import dev.halftone.engine.Progress;
import dev.halftone.onnxruntime.OrtRuntime;
import dev.halftone.tensor.Shape;
import dev.halftone.verify.Latency;
import dev.halftone.wording.Figures;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A request to measure latency, load time, memory and size of models side by side, on random inputs.
///
/// Each method sets one thing and gives the request back; [#run] leaves it as it is.
public final class Benchmarking {

  private final List<Path> models;
  private final OrtRuntime runtime = new OrtRuntime();
  private final Map<String, Shape> shapes = new LinkedHashMap<>();
  private Duration time = Duration.ofSeconds(3);
  private int threads = 1;

  Benchmarking(List<Path> models) {
    this.models = List.copyOf(models);
  }

  /// The shape of an input that models leave open.
  public Benchmarking shape(String input, Shape shape) {
    shapes.put(input, shape);
    return this;
  }

  /// How long to time; three seconds where nothing is said.
  public Benchmarking time(Duration atMost) {
    time = atMost;
    return this;
  }

  /// Threads of one run; one where nothing is said.
  public Benchmarking threads(int ofOneRun) {
    threads = ofOneRun;
    return this;
  }

  /// What figures are of, in words.
  public String conditions() {
    return "%s, %s, random inputs, models in turns"
        .formatted(runtime.name(), Figures.count(threads, "thread"));
  }

  /// Measures.
  public List<Benchmark> run() {
    return run(Progress.Stages.NONE);
  }

  /// Measures, in the order of the models. Throws UnusableInputException where a model cannot be used.
  ///
  /// @param progress is told of each stage
  public List<Benchmark> run(Progress.Stages progress) {
    for (Path model : models) {
      if (!Files.isRegularFile(model)) {
        throw new UnusableInputException("there is no file " + model + ": check the path");
      }
    }
    return Benchmark.measure(
        runtime,
        models,
        inputs -> RandomInputs.of(inputs, shapes, 1),
        new Options(threads, Optimization.FULL),
        new Latency.Budget(5, 10, 10_000, time),
        progress);
  }
}
