package dev.halftone;

import dev.halftone.data.Dataset;
import dev.halftone.engine.Progress;
import dev.halftone.engine.Runner;
import dev.halftone.engine.Runtime;
import dev.halftone.format.onnx.OnnxWriter;
import dev.halftone.graph.Model;
import dev.halftone.recipe.Recipe;
import dev.halftone.tensor.Tensor;
import dev.halftone.verify.Comparison;
import dev.halftone.verify.Gate;
import dev.halftone.verify.Latency;
import dev.halftone.verify.Verifier;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Measures candidates beside the float model: answers, size, latency in turns.
///
/// @param maxDrop what is good enough where samples have labels; empty where the float model's own answers count
record Examiner(
    Runtime runtime, Model model, Verifier.Options answers, Optional<Gate.MaxDrop> maxDrop) {

  private static final long SEED = 1;

  private static final Latency.Budget BRIEF =
      new Latency.Budget(3, 10, 200, Duration.ofMillis(1500));

  Trial examine(
      String what, Recipe recipe, Model quantized, Dataset judging, Progress.Stages stages) {
    Progress progress = stages.stage("Judging", judging.size());
    try (Runner before = runtime.open(model, Runtime.Options.SERVING);
        Runner after = runtime.open(quantized, Runtime.Options.SERVING)) {
      Comparison comparison = Verifier.compare(before, after, judging, answers, progress);
      Map<String, Tensor> input = judging.sample(0).inputs();
      List<Latency> latencies =
          Latency.measure(
              List.of(
                  new Latency.Subject("float", before, input),
                  new Latency.Subject("quantized", after, input)),
              BRIEF,
              SEED);
      return new Trial(
          what,
          recipe,
          comparison,
          OnnxWriter.toBytes(quantized).byteSize(),
          1 / latencies.getLast().ratioToFirst(),
          isGood(comparison));
    }
  }

  private boolean isGood(Comparison comparison) {
    boolean hasTruth =
        comparison.top1().isPresent()
            || comparison.task().text().flatMap(text -> text.errors()).isPresent();
    return maxDrop
        .filter(_ -> hasTruth)
        .map(gate -> gate.missed(comparison).isEmpty())
        .orElseGet(() -> Trial.isClose(comparison));
  }

  Comparison compare(Model quantized, Dataset data, Progress progress) {
    try (Runner before = runtime.open(model, Runtime.Options.SERVING);
        Runner after = runtime.open(quantized, Runtime.Options.SERVING)) {
      return Verifier.compare(before, after, data, answers, progress);
    }
  }
}
