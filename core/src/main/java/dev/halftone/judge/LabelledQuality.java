package dev.halftone.judge;

import static dev.halftone.judge.Judgement.Ruling.CANNOT_TELL;
import static dev.halftone.judge.Judgement.Ruling.NOT_WORTH_IT;
import static dev.halftone.judge.Judgement.Ruling.WORTH_IT;

import dev.halftone.metric.PairedAccuracy;
import dev.halftone.metric.Proportion;
import dev.halftone.verify.Agreement;
import dev.halftone.verify.Comparison;
import dev.halftone.wording.Figures;
import java.util.OptionalInt;

/// Judges one output by labels.
final class LabelledQuality {

  private static final double SIGNIFICANT = 0.05;

  /// A drop that cannot be ruled out may exceed the accepted one by this much before answers that changed count against a model.
  private static final double SLACK = 0.02;

  /// Fewer labelled inputs say nothing about a model that guesses.
  private static final int ENOUGH_FOR_CHANCE = 30;

  private LabelledQuality() {}

  /// What labels say of the output that they are of.
  static Finding of(Comparison comparison, PairedAccuracy top1, Tolerance tolerance) {
    int classes = comparison.classes();
    boolean isGuessing =
        classes > 1
            && top1.inputs() >= ENOUGH_FOR_CHANCE
            && top1.floatModel().low() <= 1.0 / classes;
    if (isGuessing) {
      return new Finding(
          CANNOT_TELL,
          false,
          Figures.text(
              "the float model itself is right on only %s of %s, and guessing among %,d classes gives %s: check the preprocessing (mean, std, channel order, size) and the labels",
              Figures.percent(top1.floatModel().value()),
              Figures.count(top1.inputs(), "labelled input"),
              classes,
              Figures.percent(1.0 / classes)));
    }
    double worst = -top1.changeInterval().low();
    double drop = -top1.change();
    String test = "McNemar " + Figures.pValue(top1.pValue());
    if (top1.pValue() < SIGNIFICANT
        && (drop > tolerance.maxDrop() || worst <= tolerance.maxDrop())) {
      return significant(top1, drop, test, tolerance);
    }
    if (worst > tolerance.maxDrop()) {
      return unproven(comparison, top1, worst, tolerance);
    }
    String words =
        top1.lost() + top1.gained() == 0
            ? "no right answer lost or gained"
            : "not a significant change, " + test;
    return new Finding(WORTH_IT, false, "top-1 %s (%s)".formatted(went(top1), words));
  }

  /// The labels leave both a drop that is accepted and one that is not possible. What they cannot say, the answers may: a model that
  /// changes too many of them is not worth having unless the labels narrow its drop down.
  private static Finding unproven(
      Comparison comparison, PairedAccuracy top1, double worst, Tolerance tolerance) {
    return comparison
        .agreement()
        .map(Agreement::inputs)
        .filter(
            same -> worst > tolerance.maxDrop() + SLACK && same.high() < tolerance.minAgreement())
        .map(same ->
            disagrees(
                same,
                "input",
                "answer",
                Figures.count(top1.inputs(), "labelled input")
                    + (top1.inputs() == 1 ? " is" : " are")
                    + " too few to say which is right",
                tolerance))
        .orElseGet(() ->
            new Finding(
                CANNOT_TELL,
                false,
                Figures.text(
                    "top-1 %s on %s, but a drop of up to %s cannot be ruled out where %s is accepted: %s",
                    went(top1),
                    Figures.count(top1.inputs(), "labelled input"),
                    unsigned(worst),
                    unsigned(tolerance.maxDrop()),
                    more(top1, tolerance))));
  }

  /// How many inputs would tell, if answers stayed as they are.
  private static String more(PairedAccuracy top1, Tolerance tolerance) {
    if (-top1.change() > tolerance.maxDrop()) {
      return Figures.text(
          "it may be chance (McNemar %s), which about %,d would tell",
          Figures.pValue(top1.pValue()), top1.inputsToShowChange().orElseThrow());
    }
    OptionalInt enough = top1.inputsToRuleOut(tolerance.maxDrop());
    return enough.isPresent()
        ? Figures.text("about %,d that go the same way would tell", enough.getAsInt())
        : "test on more";
  }

  /// @param labels what they say, in words
  static Finding disagrees(
      Proportion same, String noun, String answer, String labels, Tolerance tolerance) {
    return new Finding(
        NOT_WORTH_IT,
        false,
        "it changes the %s on %s of %s where %s is accepted (%s)"
            .formatted(
                answer,
                Figures.percent(1 - same.value()),
                Figures.count(same.trials(), noun),
                Figures.percent(1 - tolerance.minAgreement()),
                labels));
  }

  private static Finding significant(
      PairedAccuracy top1, double drop, String test, Tolerance tolerance) {
    if (drop > tolerance.maxDrop()) {
      return new Finding(
          NOT_WORTH_IT,
          false,
          "top-1 fell from %s to %s (by %s where %s is accepted, %s)"
              .formatted(
                  Figures.percent(top1.floatModel().value()),
                  Figures.percent(top1.quantized().value()),
                  unsigned(drop),
                  unsigned(tolerance.maxDrop()),
                  test));
    }
    String words = drop > 0 ? "a small but real drop" : "a real gain";
    return new Finding(WORTH_IT, false, "top-1 %s (%s, %s)".formatted(went(top1), words, test));
  }

  /// As in `went from 93.4 % to 93.3 %`.
  private static String went(PairedAccuracy top1) {
    double before = top1.floatModel().value();
    double after = top1.quantized().value();
    String from = Figures.percent(before);
    String to = Figures.percent(after);
    if (before == after) {
      return "stayed at " + from;
    }
    return from.equals(to)
        ? Figures.text("went from %.3f %% to %.3f %%", before * 100, after * 100)
        : "went from " + from + " to " + to;
  }

  private static String unsigned(double points) {
    return Figures.text("%.1f pp", points * 100);
  }
}
