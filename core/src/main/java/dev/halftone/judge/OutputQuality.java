package dev.halftone.judge;

import static dev.halftone.judge.Judgement.Ruling.CANNOT_TELL;
import static dev.halftone.judge.Judgement.Ruling.NOT_WORTH_IT;
import static dev.halftone.judge.Judgement.Ruling.WORTH_IT;

import dev.halftone.judge.Judgement.Ruling;
import dev.halftone.meaning.OutputKind;
import dev.halftone.metric.PairedAccuracy;
import dev.halftone.metric.Proportion;
import dev.halftone.verify.Agreement;
import dev.halftone.verify.Comparison;
import dev.halftone.verify.MatchedRows;
import dev.halftone.verify.OutputFigures;
import dev.halftone.verify.TaskFigures;
import dev.halftone.wording.Figures;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Judges one output by what it means: by agreement with the float model, by directions, by rows or by distance; and of all that are judged
/// says what the worst comes to.
final class OutputQuality {

  /// Values: below this SQNR a quarter of the output and more is noise, ...
  private static final double POOR_DECIBELS = 10;

  /// ... and above this one it is less than a tenth; see [OutputFigures#isWithin] for the worst channel.
  private static final double GOOD_DECIBELS = 20;

  /// Embeddings: from this mean cosine on, the order of neighbours is nearly that of the float model, ...
  private static final double GOOD_COSINE = 0.99;

  /// ... and below this one it is another.
  private static final double POOR_COSINE = 0.95;

  /// Rows of a selection: a row in five that has no twin is another result.
  private static final double POOR_ROWS = 0.8;

  /// @param severity how far it is from good, 1 is at the bar: tells the worst of several of the same ruling
  private record Weighed(Finding finding, double severity) {}

  private final OutputFigures output;
  private final Tolerance tolerance;
  private final String name;

  /// @param isOnly whether the output needs no name
  private OutputQuality(OutputFigures output, Tolerance tolerance, boolean isOnly) {
    this.output = output;
    this.tolerance = tolerance;
    this.name = isOnly ? "" : " '" + output.name() + "'";
  }

  /// What the worst judged output comes to. Labels speak for the output that they are of.
  static Finding worst(Comparison comparison, Tolerance tolerance) {
    List<OutputFigures> judged = comparison.judged();
    boolean hasSignal = judged.stream().anyMatch(output -> !output.isSilent());
    List<Weighed> all = new ArrayList<>();
    for (OutputFigures output : judged) {
      if (hasSignal && output.isSilent()) {
        continue;
      }
      all.add(
          output == comparison.main() && output.top1().isPresent() && output.sqnr().count() > 0
              ? labelled(comparison, output.top1().get(), tolerance)
              : new OutputQuality(output, tolerance, comparison.outputs().size() == 1).weighed());
    }
    Weighed worst = all.getFirst();
    for (Weighed one : all) {
      worst = isWorse(one, worst) ? one : worst;
    }
    return judged.size() == 1
            || worst.finding().ruling() == WORTH_IT && comparison.top1().isPresent()
        ? worst.finding()
        : new Finding(
            worst.finding().ruling(),
            false,
            worst.finding().words() + ", the worst of " + Figures.count(judged.size(), "output"));
  }

  private static boolean isWorse(Weighed one, Weighed other) {
    int rank = rank(one.finding().ruling()) - rank(other.finding().ruling());
    return rank == 0 ? one.severity() > other.severity() : rank > 0;
  }

  private static int rank(Ruling ruling) {
    return switch (ruling) {
      case WORTH_IT -> 0;
      case CANNOT_TELL -> 1;
      case NOT_WORTH_IT -> 2;
    };
  }

  /// Where all is well, what labels say is what a reader wants to know.
  private static Weighed labelled(Comparison comparison, PairedAccuracy top1, Tolerance tolerance) {
    Finding finding = LabelledQuality.of(comparison, top1, tolerance);
    return new Weighed(
        finding, finding.ruling() == WORTH_IT ? Double.POSITIVE_INFINITY : 1 - top1.change());
  }

  private Weighed weighed() {
    if (output.isByRows()) {
      return byRows(output.rows().orElseThrow());
    }
    if (output.sqnr().count() == 0) {
      return new Weighed(
          new Finding(
              NOT_WORTH_IT,
              false,
              "no element of its output%s is a finite number in both models".formatted(name)),
          Double.POSITIVE_INFINITY);
    }
    if (output.directions().isPresent()) {
      return byDirection(output.directions().get());
    }
    if (output.agreement().isPresent()) {
      return byAgreement(output.agreement().get());
    }
    return byDistance(output.decibels());
  }

  private Weighed byRows(MatchedRows rows) {
    double share = rows.share();
    Ruling ruling =
        share >= tolerance.minAgreement()
            ? WORTH_IT
            : share < POOR_ROWS ? NOT_WORTH_IT : CANNOT_TELL;
    String words =
        "%s of the rows of its output%s have a twin in the other model (%,d rows, float %,d)"
            .formatted(Figures.percent(share), name, rows.quantizedRows(), rows.floatRows());
    return new Weighed(
        new Finding(ruling, false, advised(words, ruling)),
        (1 - share) / (1 - tolerance.minAgreement()));
  }

  private Weighed byAgreement(Agreement agreement) {
    Proportion same = agreement.of(output.kind());
    String noun = agreement.isByInput(output.kind()) ? "input" : "position";
    String answer =
        (output.kind() == OutputKind.TEXT ? "text" : "answer")
            + (name.isEmpty() ? "" : " in output" + name);
    Optional<TaskFigures.Errors> errors = output.text().flatMap(TaskFigures.Text::errors);
    Finding finding = byAgreement(same, noun, answer, errors, tolerance);
    return new Weighed(finding, (1 - same.value()) / (1 - tolerance.minAgreement()));
  }

  /// @param noun what the proportion counts
  /// @param answer what it gives, in a word
  private static Finding byAgreement(
      Proportion same,
      String noun,
      String answer,
      Optional<TaskFigures.Errors> errors,
      Tolerance tolerance) {
    String inputs = Figures.count(same.trials(), noun);
    String labels = errors.map(OutputQuality::rates).orElse("no labels say which is right");
    if (same.low() >= tolerance.minAgreement()) {
      return new Finding(
          WORTH_IT,
          false,
          "its %s is the float model's on %s of %s (%s)"
              .formatted(answer, Figures.percent(same.value()), inputs, labels));
    }
    if (same.high() < tolerance.minAgreement()) {
      return LabelledQuality.disagrees(same, noun, answer, labels, tolerance);
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

  private static String rates(TaskFigures.Errors errors) {
    return "error rate %s, float %s"
        .formatted(
            Figures.percent(errors.quantized().rate()),
            Figures.percent(errors.floatModel().rate()));
  }

  private Weighed byDirection(TaskFigures.Directions directions) {
    Ruling ruling =
        directions.mean() >= GOOD_COSINE
            ? WORTH_IT
            : directions.mean() < POOR_COSINE ? NOT_WORTH_IT : CANNOT_TELL;
    String words =
        Figures.text(
            "the cosine of its vectors%s to the float model's is %.4f on average and %.4f at worst",
            name.isEmpty() ? "" : " in output" + name, directions.mean(), directions.worst());
    return new Weighed(
        new Finding(ruling, false, advised(words, ruling)),
        (1 - directions.mean()) / (1 - GOOD_COSINE));
  }

  private Weighed byDistance(double decibels) {
    double severity = Math.pow(10, (GOOD_DECIBELS - decibels) / 10);
    if (Double.isNaN(decibels)) {
      return new Weighed(
          new Finding(
              CANNOT_TELL,
              false,
              "the float model's output%s is zero throughout: check the inputs".formatted(name)),
          1);
    }
    if (decibels == Double.POSITIVE_INFINITY) {
      return new Weighed(
          new Finding(
              WORTH_IT, false, "its output%s is the float model's, exactly".formatted(name)),
          0);
    }
    Ruling ruling =
        output.isWithin(GOOD_DECIBELS)
            ? WORTH_IT
            : decibels < POOR_DECIBELS ? NOT_WORTH_IT : CANNOT_TELL;
    String distance =
        "%s differs from the float model's by %s in root mean square (SQNR %s%s)"
            .formatted(
                place(decibels),
                Figures.percent(Math.pow(10, -decibels / 20)),
                Figures.decibels(decibels),
                beside(decibels));
    return new Weighed(new Finding(ruling, false, advised(distance, ruling)), severity);
  }

  private boolean isOfChannel(double decibels) {
    return decibels < output.sqnr().decibels()
        && output.worst().filter(worst -> worst.channels() > 1).isPresent();
  }

  /// As in `channel 4 of 7 (axis 1) of its output 'y'`.
  private String place(double decibels) {
    return isOfChannel(decibels)
        ? output.worst().orElseThrow().place() + " of its output" + name
        : "its output" + name;
  }

  /// As in `; 34.5 dB over all channels, of which 3 are below 10 dB`.
  private String beside(double decibels) {
    if (!isOfChannel(decibels)) {
      return "";
    }
    int poor = output.worst().orElseThrow().poor();
    return "; %s over all channels%s"
        .formatted(
            Figures.decibels(output.sqnr().decibels()),
            poor > 1 ? ", of which %d are below 10 dB".formatted(poor) : "");
  }

  private static String advised(String words, Ruling ruling) {
    return ruling == CANNOT_TELL ? words + ": measure what that does to your task" : words;
  }
}
