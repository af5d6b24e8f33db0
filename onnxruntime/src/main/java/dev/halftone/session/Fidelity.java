package dev.halftone.session;

import dev.halftone.verify.Comparison;
import dev.halftone.verify.TaskFigures;
import dev.halftone.wording.Figures;
import java.util.Optional;

/// The closeness of a network to the float model, in a few numbers.
///
/// @param samples that were measured with
/// @param agreement share of those with the float model's answer, where outputs are answers
/// @param sqnr of the worst output, in dB: of values the SQNR of their worst channel
/// @param top1 of the network, where the samples have labels
/// @param floatTop1 of the float model
/// @param cosine of vectors to the float model's on average, where outputs are embeddings
public record Fidelity(
    int samples,
    Optional<Double> agreement,
    double sqnr,
    Optional<Double> top1,
    Optional<Double> floatTop1,
    Optional<Double> cosine) {

  static Fidelity of(Comparison comparison) {
    return new Fidelity(
        comparison.samples(),
        comparison.agreement().map(both -> both.inputs().value()),
        comparison.decibels(),
        comparison.top1().map(both -> both.quantized().value()),
        comparison.top1().map(both -> both.floatModel().value()),
        comparison.directions().map(TaskFigures.Directions::mean));
  }

  /// In words.
  public String sentence() {
    String noise =
        cosine.map(mean -> Figures.text("cosine %.4f, ", mean)).orElse("")
            + Figures.decibels(sqnr)
            + " SQNR";
    String count = Figures.count(samples, "sample");
    String same =
        agreement
            .map(share ->
                "The same answer as the float model on %s of %s, %s"
                    .formatted(Figures.percent(share), count, noise))
            .orElse("%s beside the float model on %s".formatted(noise, count));
    return same
        + top1.map(share ->
                "; top-1 %s (float: %s)"
                    .formatted(Figures.percent(share), Figures.percent(floatTop1.orElseThrow())))
            .orElse("")
        + ".";
  }
}
