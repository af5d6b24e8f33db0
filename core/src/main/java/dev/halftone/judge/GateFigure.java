package dev.halftone.judge;

import dev.halftone.UnusableInputException;
import dev.halftone.meaning.OutputKind;
import dev.halftone.metric.Neighbours;
import dev.halftone.verify.Comparison;
import dev.halftone.verify.MatchedRows;
import dev.halftone.verify.OutputFigures;
import dev.halftone.verify.TaskFigures;
import dev.halftone.wording.Figures;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;

/// A figure that a bar can be set for.
enum GateFigure {
  TOP1,
  TOP5,
  AGREEMENT,
  /// Share of steps or positions of a sequence with the float model's answer.
  STEPS,
  /// One minus the error rate of the text that is read.
  CHARACTERS,
  SQNR,
  /// Of all elements together; the mean over vectors for embeddings.
  COSINE,
  /// Of the vector of an embedding that is farthest off.
  WORST_COSINE,
  /// Share of the ten nearest neighbours that the float model has too.
  TOP10,
  /// Of a text alone to the same text in a padded batch: the worst of them.
  BATCH;

  OptionalDouble of(Comparison comparison) {
    Optional<Double> value =
        switch (this) {
          case TOP1 -> comparison.top1().map(top -> top.quantized().value());
          case TOP5 -> comparison.top5().map(top -> top.quantized().value());
          case AGREEMENT -> least(comparison, GateFigure::agreement);
          case STEPS ->
              least(
                  comparison,
                  output -> output.agreement().map(agreement -> agreement.positions().value()));
          case CHARACTERS ->
              comparison
                  .task()
                  .text()
                  .flatMap(TaskFigures.Text::errors)
                  .map(errors -> 1 - errors.quantized().rate());
          case SQNR -> least(comparison, GateFigure::decibels);
          case COSINE -> least(comparison, GateFigure::cosine);
          case WORST_COSINE ->
              least(comparison, output -> output.directions().map(TaskFigures.Directions::worst));
          case TOP10 ->
              least(
                  comparison,
                  output ->
                      output
                          .directions()
                          .flatMap(one -> one.similarity().neighbours())
                          .map(Neighbours::overlap));
          case BATCH -> comparison.batch().map(both -> both.quantized().worst());
        };
    return value.map(OptionalDouble::of).orElse(OptionalDouble.empty());
  }

  /// Of the worst judged output of those that have the figure.
  static Optional<Double> least(
      Comparison comparison, Function<OutputFigures, Optional<Double>> figure) {
    return comparison.judged().stream()
        .map(figure)
        .flatMap(Optional::stream)
        .min(Comparator.naturalOrder());
  }

  /// Rows that were matched agree where they have a twin.
  private static Optional<Double> agreement(OutputFigures output) {
    return output.isByRows()
        ? output.rows().map(MatchedRows::share)
        : output.agreement().map(agreement -> agreement.inputs().value());
  }

  /// As `agreement`, by positions where one input has many.
  static Optional<Double> answers(OutputFigures output) {
    return output.isByRows()
        ? agreement(output)
        : output.agreement().map(agreement -> agreement.of(output.kind()).value());
  }

  static boolean hasAnswers(OutputFigures output) {
    return answers(output).isPresent();
  }

  /// Numbers of classes have no noise.
  private static Optional<Double> decibels(OutputFigures output) {
    return output.kind() == OutputKind.INDICES
        ? Optional.empty()
        : Optional.of(output.decibels()).filter(value -> !Double.isNaN(value));
  }

  private static Optional<Double> cosine(OutputFigures output) {
    return output.kind() == OutputKind.INDICES
        ? Optional.empty()
        : output
            .directions()
            .map(TaskFigures.Directions::mean)
            .or(() -> Optional.of(output.sqnr().cosine()))
            .filter(value -> !Double.isNaN(value));
  }

  /// As in ` in output 'score'`; empty where there is one output only, or labels are what counts.
  String place(Comparison comparison) {
    boolean isOfLabels = this == TOP1 || this == TOP5 || this == CHARACTERS;
    String worst =
        this == SQNR ? " in output '" + comparison.worst().name() + "'" : " in the worst output";
    return isOfLabels || comparison.judged().size() == 1 ? "" : worst;
  }

  UnusableInputException unknown(Comparison comparison) {
    return new UnusableInputException(
        switch (this) {
          case TOP1, TOP5 ->
              "%s of output '%s' cannot be measured on %s: give labels for a classifier (--labels), or set a bar for agreement or sqnr (compare --fail-below)"
                  .formatted(this, comparison.output(), comparison.data());
          case CHARACTERS ->
              "output '%s' on %s gives no error rate: give a table with columns file,text, and an alphabet, or set a bar for agreement"
                  .formatted(comparison.output(), comparison.data());
          case WORST_COSINE ->
              "output '%s' is not read as an embedding: say --task embedding"
                  .formatted(comparison.output());
          case TOP10 ->
              "output '%s' has no neighbours to compare: they are measured of embeddings with a vector for each of %d samples and more"
                  .formatted(comparison.output(), Neighbours.LEAST);
          case BATCH ->
              "output '%s' was not measured in batches: that is of models that take texts with a mask and an open batch, on four of them or more"
                  .formatted(comparison.output());
          case AGREEMENT, STEPS, SQNR, COSINE ->
              "output '%s' gives no answers that could agree: set a bar for sqnr or cosine"
                  .formatted(comparison.output());
        });
  }

  String text(double value) {
    return switch (this) {
      case SQNR -> Figures.decibels(value);
      case BATCH -> Figures.text("%.6f", value);
      case COSINE, WORST_COSINE -> Figures.text("%.4f", value);
      case TOP1, TOP5, AGREEMENT, STEPS, CHARACTERS, TOP10 -> Figures.percent(value);
    };
  }

  /// As in `worst-cosine`.
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
