package dev.halftone.verify;

import static dev.halftone.verify.Judgement.Ruling.CANNOT_TELL;
import static dev.halftone.verify.Judgement.Ruling.NOT_WORTH_IT;
import static dev.halftone.verify.Judgement.Ruling.WORTH_IT;

import dev.halftone.verify.Judge.Finding;
import dev.halftone.verify.Judgement.Ruling;
import java.util.Optional;
import java.util.OptionalInt;

/// Judges what the quantized model answers: by labels where there are some, else by agreement with the float model, else by the
/// distance of the outputs.
final class Quality {

  private static final double SIGNIFICANT = 0.05;

  /// A drop that cannot be ruled out may exceed the accepted one by this much before answers that changed count against a model.
  private static final double SLACK = 0.02;

  /// Fewer labelled inputs say nothing about a model that guesses.
  private static final int ENOUGH_FOR_CHANCE = 30;

  /// Outputs without classes: below this SQNR a quarter of the output and more is noise, ...
  private static final double POOR_DECIBELS = 10;

  /// ... and above this one it is less than a tenth.
  private static final double GOOD_DECIBELS = 20;

  /// Embeddings: from this mean cosine on, the order of neighbours is nearly that of the float model, ...
  private static final double GOOD_COSINE = 0.99;

  /// ... and below this one it is another.
  private static final double POOR_COSINE = 0.95;

  private Quality() {}

  static Finding of(Verdict verdict) {
    if (verdict.comparison().isEmpty()) {
      return new Finding(
          CANNOT_TELL, false, "accuracy was not measured, for there was no data to measure it on");
    }
    Comparison comparison = verdict.comparison().get();
    if (comparison.sqnr().count() == 0) {
      return new Finding(
          NOT_WORTH_IT, false, "no element of its output is a finite number in both models");
    }
    if (comparison.top1().isPresent()) {
      return byLabels(comparison, comparison.top1().get(), verdict.tolerance());
    }
    if (comparison.task().directions().isPresent()) {
      return byDirection(comparison.task().directions().get());
    }
    if (comparison.agreement().isPresent()) {
      return byAgreement(
          comparison.agreement().get().inputs(),
          comparison.kind() == OutputKind.TEXT ? "text" : "answer",
          comparison.task().text().flatMap(TaskFigures.Text::errors),
          verdict.tolerance());
    }
    return byDistance(comparison.sqnr().decibels());
  }

  private static Finding byLabels(Comparison comparison, PairedAccuracy top1, Tolerance tolerance) {
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
        .map(Comparison.Agreement::inputs)
        .filter(
            same -> worst > tolerance.maxDrop() + SLACK && same.high() < tolerance.minAgreement())
        .map(same ->
            disagrees(
                same,
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

  /// @param answer what it gives, in a word
  private static Finding byAgreement(
      Proportion same, String answer, Optional<TaskFigures.Errors> errors, Tolerance tolerance) {
    String inputs = Figures.count(same.trials(), "input");
    String labels = errors.map(Quality::rates).orElse("no labels say which is right");
    if (same.low() >= tolerance.minAgreement()) {
      return new Finding(
          WORTH_IT,
          false,
          "its %s is the float model's on %s of %s (%s)"
              .formatted(answer, Figures.percent(same.value()), inputs, labels));
    }
    if (same.high() < tolerance.minAgreement()) {
      return disagrees(same, answer, labels, tolerance);
    }
    return new Finding(
        CANNOT_TELL,
        false,
        "it changes the %s on %s of %s, which leaves anything from %s to %s possible where %s is accepted: give %smore inputs"
            .formatted(
                answer,
                Figures.percent(1 - same.value()),
                inputs,
                Figures.percent(1 - same.high()),
                Figures.percent(1 - same.low()),
                Figures.percent(1 - tolerance.minAgreement()),
                errors.isPresent() ? "" : "labels, or "));
  }

  /// @param labels what they say, in words
  private static Finding disagrees(
      Proportion same, String answer, String labels, Tolerance tolerance) {
    return new Finding(
        NOT_WORTH_IT,
        false,
        "it changes the %s on %s of %s where %s is accepted (%s)"
            .formatted(
                answer,
                Figures.percent(1 - same.value()),
                Figures.count(same.trials(), "input"),
                Figures.percent(1 - tolerance.minAgreement()),
                labels));
  }

  private static String rates(TaskFigures.Errors errors) {
    return "error rate %s, float %s"
        .formatted(
            Figures.percent(errors.quantized().rate()),
            Figures.percent(errors.floatModel().rate()));
  }

  private static Finding byDirection(TaskFigures.Directions directions) {
    Ruling ruling =
        directions.mean() >= GOOD_COSINE
            ? WORTH_IT
            : directions.mean() < POOR_COSINE ? NOT_WORTH_IT : CANNOT_TELL;
    String words =
        Figures.text(
            "the cosine of its vectors to the float model's is %.4f on average and %.4f at worst",
            directions.mean(), directions.worst());
    return new Finding(
        ruling,
        false,
        ruling == CANNOT_TELL ? words + ": measure what that does to your task" : words);
  }

  private static Finding byDistance(double decibels) {
    if (Double.isNaN(decibels)) {
      return new Finding(
          CANNOT_TELL, false, "the float model's output is zero throughout: check the inputs");
    }
    if (decibels == Double.POSITIVE_INFINITY) {
      return new Finding(WORTH_IT, false, "its output is the float model's, exactly");
    }
    Ruling ruling =
        decibels >= GOOD_DECIBELS
            ? WORTH_IT
            : decibels < POOR_DECIBELS ? NOT_WORTH_IT : CANNOT_TELL;
    String distance =
        "its output differs from the float model's by %s in root mean square (SQNR %s)"
            .formatted(Figures.percent(Math.pow(10, -decibels / 20)), Figures.decibels(decibels));
    return new Finding(
        ruling,
        false,
        ruling == CANNOT_TELL ? distance + ": measure what that does to your task" : distance);
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
