package dev.halftone;

import dev.halftone.data.Dataset;
import dev.halftone.engine.Progress;
import dev.halftone.engine.Runner;
import dev.halftone.engine.Runtime;
import dev.halftone.engine.integer.IntegerEngine;
import dev.halftone.format.onnx.OnnxWriter;
import dev.halftone.graph.Model;
import dev.halftone.tensor.Tensor;
import dev.halftone.verify.Comparison;
import dev.halftone.verify.Gate;
import dev.halftone.verify.Latency;
import dev.halftone.verify.Verifier;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Measures candidates beside the float model, which is loaded once: answers, size, latency in turns. For devices without floats the integer
/// engine gives the answers, and its latency says nothing of theirs.
final class Examiner implements AutoCloseable {

  private static final long SEED = 1;

  private static final Latency.Budget BRIEF =
      new Latency.Budget(3, 10, 200, Duration.ofMillis(1500));

  private final Runtime runtime;
  private final Verifier.Options answers;
  private final Optional<Gate.MaxDrop> maxDrop;
  private final Runner real;

  /// @param maxDrop what is good enough; empty where answers must be those of the float model, but for a few
  @SuppressWarnings("MustBeClosedChecker") // close does
  Examiner(Runtime runtime, Model model, Verifier.Options answers, Optional<Gate.MaxDrop> maxDrop) {
    this.runtime = runtime;
    this.answers = answers;
    this.maxDrop = maxDrop;
    this.real = runtime.open(model, Runtime.Options.SERVING);
  }

  /// @param quantizer that quantized it
  Trial examine(String what, Quantizer quantizer, Quantized quantized, Dataset judging) {
    Progress progress = quantizer.stages().stage("Judging", judging.size());
    boolean hasFloats = quantizer.target().hasFloats();
    try (Runner candidate =
        hasFloats
            ? runtime.open(quantized.model(), Runtime.Options.SERVING)
            : new IntegerEngine(quantizer.lower(quantized))) {
      Comparison comparison = Verifier.compare(real, candidate, judging, answers, progress);
      return new Trial(
          what,
          quantizer.recipe(),
          comparison,
          hasFloats ? quantized.plan().floatLayers() : quantized.plan().wideTensors(),
          OnnxWriter.toBytes(quantized.model()).byteSize(),
          hasFloats ? Optional.of(speed(candidate, judging.sample(0).inputs())) : Optional.empty(),
          isGood(comparison));
    }
  }

  private double speed(Runner candidate, Map<String, Tensor> input) {
    List<Latency> latencies =
        Latency.measure(
            List.of(
                new Latency.Subject("float", real, input),
                new Latency.Subject("quantized", candidate, input)),
            BRIEF,
            SEED);
    return 1 / latencies.getLast().ratioToFirst();
  }

  private boolean isGood(Comparison comparison) {
    return maxDrop
        .filter(gate -> gate.isKnown(comparison))
        .map(gate -> gate.missed(comparison).isEmpty())
        .orElseGet(() -> Trial.isClose(comparison));
  }

  /// Power of the error of the output over the power of the output.
  double noise(Model quantized, Dataset data) {
    try (Runner candidate = runtime.open(quantized, Runtime.Options.SERVING)) {
      return Verifier.compare(real, candidate, data, answers).sqnr().noiseShare();
    }
  }

  @Override
  public void close() {
    real.close();
  }
}
