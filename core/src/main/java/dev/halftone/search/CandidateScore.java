package dev.halftone.search;

import dev.halftone.Quantized;
import dev.halftone.Quantizer;
import dev.halftone.data.Dataset;
import dev.halftone.data.Sample;
import dev.halftone.data.text.UsualText;
import dev.halftone.engine.Backend;
import dev.halftone.engine.Progress;
import dev.halftone.engine.Runner;
import dev.halftone.engine.integer.IntegerEngine;
import dev.halftone.form.ProductInput;
import dev.halftone.format.onnx.OnnxWriter;
import dev.halftone.graph.Model;
import dev.halftone.judge.Closeness;
import dev.halftone.verify.Comparison;
import dev.halftone.verify.Verifier;
import dev.halftone.verify.VerifyOptions;
import java.util.Optional;

/// Measures candidates beside the float model, which is loaded once: answers, size, latency in turns on a usual sample. For devices without
/// floats the integer engine gives the answers, and its latency says nothing of theirs.
public final class CandidateScore implements AutoCloseable {

  private final Backend runtime;
  private final SearchTerms wanted;
  private final Dataset judging;
  private final Runner real;

  /// What candidates are timed on; empty until the first is.
  private Optional<Sample> usual = Optional.empty();

  /// @param judging samples that candidates are judged on
  @SuppressWarnings("MustBeClosedChecker") // close does
  public CandidateScore(Backend runtime, Model model, SearchTerms wanted, Dataset judging) {
    this.runtime = runtime;
    this.wanted = wanted;
    this.judging = judging;
    this.real = runtime.open(wanted.answers().watched(model), Backend.Options.SERVING);
  }

  /// @param quantizer that quantized it
  public Candidate examine(String what, Quantizer quantizer, Quantized quantized) {
    Progress progress = quantizer.stages().stage("Judging", judging.size());
    boolean hasFloats = quantizer.device().hasFloats();
    try (Runner candidate =
        hasFloats
            ? runtime.open(wanted.answers().watched(quantized.model()), Backend.Options.SERVING)
            : new IntegerEngine(quantizer.lower(quantized))) {
      Comparison comparison =
          Verifier.compare(real, candidate, judging, wanted.answers(), progress);
      return new Candidate(
          what,
          quantizer.recipe(),
          comparison,
          isGood(comparison),
          quantized.plan().products().values().stream()
              .anyMatch(ProductInput.Dynamic.class::isInstance),
          new Candidate.Cost(
              hasFloats ? quantized.plan().floatLayers() : quantized.plan().wideTensors(),
              OnnxWriter.size(quantized.model()),
              hasFloats
                  ? Optional.of(wanted.pace().of(quantized, real, candidate, usual().inputs()))
                  : Optional.empty()));
    }
  }

  private Sample usual() {
    Sample found = usual.orElseGet(() -> UsualText.of(wanted.answers().texts(), judging));
    usual = Optional.of(found);
    return found;
  }

  private boolean isGood(Comparison comparison) {
    return wanted
        .maxDrop()
        .filter(gate -> gate.isKnown(comparison))
        .map(gate -> gate.missed(comparison).isEmpty())
        .orElseGet(() -> Closeness.of(comparison));
  }

  /// What is wrong with the worst output, as a share: [Comparison#noiseShare].
  double noise(Model quantized, Dataset data) {
    VerifyOptions answers = wanted.answers();
    try (Runner candidate = runtime.open(answers.watched(quantized), Backend.Options.SERVING)) {
      return Verifier.compare(real, candidate, data, answers).noiseShare();
    }
  }

  @Override
  public void close() {
    real.close();
  }
}
