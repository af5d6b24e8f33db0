package dev.halftone.judge;

import dev.halftone.UnusableInputException;
import dev.halftone.meaning.OutputKind;
import dev.halftone.verify.Comparison;
import dev.halftone.verify.MatchedRows;
import dev.halftone.verify.OutputFigures;
import dev.halftone.verify.TaskFigures;
import dev.halftone.wording.Figures;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.Predicate;

/// A bar that a quantized model must clear.
public sealed interface Gate {

  /// Why the model misses the bar, in a clause; empty where it clears it.
  ///
  /// Throws UnusableInputException where the comparison does not tell.
  Optional<String> missed(Comparison comparison);

  /// The quantized model's average of a metric of the user's own is at least so much.
  record ScoreAtLeast(String metric, double least) implements Gate {
    @Override
    public Optional<String> missed(Comparison comparison) {
      double value = score(comparison, metric).quantized();
      return value >= least
          ? Optional.empty()
          : Optional.of(Figures.text("%s is %.4g, below %.4g", metric, value, least));
    }
  }

  /// The average of a metric of the user's own falls by no more than so much.
  record MaxScoreDrop(String metric, double drop) implements Gate {
    @Override
    public Optional<String> missed(Comparison comparison) {
      double change = score(comparison, metric).change();
      return change >= -drop
          ? Optional.empty()
          : Optional.of(
              Figures.text(
                  "%s changed by %.4g, and a drop of %.4g is accepted", metric, change, drop));
    }
  }

  private static TaskFigures.TaskScore score(Comparison comparison, String metric) {
    return comparison
        .task()
        .score(metric)
        .orElseThrow(() ->
            new UnusableInputException(
                "metric '%s' was not measured: pass it to the verifier".formatted(metric)));
  }

  /// A figure of the quantized model is at least so much.
  ///
  /// @param least a share in [0, 1], or decibels for the SQNR
  record AtLeast(Figure figure, double least) implements Gate {
    @Override
    public Optional<String> missed(Comparison comparison) {
      double value = figure.of(comparison).orElseThrow(() -> figure.unknown(comparison));
      return value >= least
          ? Optional.empty()
          : Optional.of(
              "%s is %s%s, below %s"
                  .formatted(
                      figure, figure.text(value), figure.place(comparison), figure.text(least)));
    }
  }

  /// Top-1 falls by no more than so much; for texts the share of characters that are read right. Without labels no more than so many
  /// answers change: accuracy cannot fall by more. What that says nothing of is close, or changes no more answers.
  ///
  /// @param points as a fraction: 0.005 is half a percentage point
  record MaxDrop(double points) implements Gate {
    @Override
    public Optional<String> missed(Comparison comparison) {
      Drop drop = drop(comparison).orElseThrow(() -> Figure.TOP1.unknown(comparison));
      List<String> missed = new ArrayList<>();
      if (drop.change() < -points) {
        missed.add(
            "%s changed by %s, and a drop of %s is accepted"
                .formatted(drop.figure(), Figures.points(drop.change()), pp(points)));
      }
      comparison.judged().stream()
          .filter(output -> !drop.isOf().test(output) && !isKept(output))
          .map(Closeness::missing)
          .forEach(missed::add);
      return missed.isEmpty() ? Optional.empty() : Optional.of(Figures.list(missed));
    }

    private boolean isKept(OutputFigures output) {
      return Closeness.of(output)
          || Figure.answers(output).filter(share -> share - 1 >= -points).isPresent();
    }

    public boolean isKnown(Comparison comparison) {
      return drop(comparison).isPresent();
    }

    /// @param change negative where the quantized model is worse
    /// @param isOf outputs that it speaks for
    private record Drop(String figure, double change, Predicate<OutputFigures> isOf) {}

    private static Optional<Drop> drop(Comparison comparison) {
      OutputFigures main = comparison.main();
      Predicate<OutputFigures> isMain = output -> output.name().equals(main.name());
      return main.text()
          .flatMap(TaskFigures.Text::errors)
          .map(errors -> new Drop("characters read right", -errors.change(), isMain))
          .or(() -> main.top1().map(top1 -> new Drop("top-1", top1.change(), isMain)))
          .or(() ->
              Figure.least(comparison, Figure::answers)
                  .map(share -> new Drop("agreement with float", share - 1, Figure::hasAnswers)));
    }

    /// As in `0.5 pp`.
    private static String pp(double points) {
      return new BigDecimal(points * 100, new MathContext(3)).stripTrailingZeros().toPlainString()
          + " pp";
    }
  }

  /// What a bar can be set for.
  enum Figure {
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
    WORST_COSINE;

    OptionalDouble of(Comparison comparison) {
      Optional<Double> value =
          switch (this) {
            case TOP1 -> comparison.top1().map(top -> top.quantized().value());
            case TOP5 -> comparison.top5().map(top -> top.quantized().value());
            case AGREEMENT -> least(comparison, Figure::agreement);
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
            case SQNR -> least(comparison, Figure::decibels);
            case COSINE -> least(comparison, Figure::cosine);
            case WORST_COSINE ->
                least(comparison, output -> output.directions().map(TaskFigures.Directions::worst));
          };
      return value.map(OptionalDouble::of).orElse(OptionalDouble.empty());
    }

    /// Of the worst judged output of those that have the figure.
    private static Optional<Double> least(
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
    private static Optional<Double> answers(OutputFigures output) {
      return output.isByRows()
          ? agreement(output)
          : output.agreement().map(agreement -> agreement.of(output.kind()).value());
    }

    private static boolean hasAnswers(OutputFigures output) {
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
    private String place(Comparison comparison) {
      boolean isOfLabels = this == TOP1 || this == TOP5 || this == CHARACTERS;
      String worst =
          this == SQNR ? " in output '" + comparison.worst().name() + "'" : " in the worst output";
      return isOfLabels || comparison.judged().size() == 1 ? "" : worst;
    }

    private UnusableInputException unknown(Comparison comparison) {
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
            case AGREEMENT, STEPS, SQNR, COSINE ->
                "output '%s' gives no answers that could agree: set a bar for sqnr or cosine"
                    .formatted(comparison.output());
          });
    }

    String text(double value) {
      return switch (this) {
        case SQNR -> Figures.decibels(value);
        case COSINE, WORST_COSINE -> Figures.text("%.4f", value);
        case TOP1, TOP5, AGREEMENT, STEPS, CHARACTERS -> Figures.percent(value);
      };
    }

    /// As in `worst-cosine`.
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /// Reads `top1=0.85`, `agreement=98%` or `sqnr=20`.
  ///
  /// Throws IllegalArgumentException, with a sentence for the reader, where the text is none of these.
  static AtLeast parse(String text) {
    String[] parts = text.split("=", 2);
    String number = parts.length == 2 ? parts[1].strip() : "";
    for (Figure figure : Figure.values()) {
      if (figure.toString().equals(parts[0].strip().toLowerCase(Locale.ROOT))) {
        boolean percent = number.endsWith("%");
        double value = number(percent ? number.substring(0, number.length() - 1) : number, text);
        double least = percent ? value / 100 : value;
        boolean isReachable = figure == Figure.SQNR ? !percent : least >= -1 && least <= 1;
        if (!isReachable) {
          throw new IllegalArgumentException(
              "'%s' is out of reach: shares and cosines lie between 0 and 1 (0.98 or 98%%), sqnr is in dB"
                  .formatted(text));
        }
        return new AtLeast(figure, least);
      }
    }
    throw new IllegalArgumentException(
        "'%s' is not understood: write top1, top5, agreement, steps, characters, sqnr, cosine or worst-cosine and its bar, as in agreement=0.98"
            .formatted(text));
  }

  /// Reads `0.5pp` or `0.5%`, both half a percentage point.
  ///
  /// Throws IllegalArgumentException, with a sentence for the reader, where the text is neither.
  static MaxDrop parseMaxDrop(String text) {
    String number = text.strip().toLowerCase(Locale.ROOT).replaceFirst("\\s*(pp|%)$", "");
    if (number.equals(text.strip().toLowerCase(Locale.ROOT))) {
      throw new IllegalArgumentException(
          "'%s' has no unit: write percentage points, as in 0.5pp".formatted(text));
    }
    double points = number(number, text);
    if (!(points >= 0 && points <= 100)) {
      throw new IllegalArgumentException(
          "'%s' is out of range: a drop is 0 to 100 percentage points".formatted(text));
    }
    return new MaxDrop(points / 100);
  }

  private static double number(String number, String text) {
    try {
      return Double.parseDouble(number);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'%s' holds no number".formatted(text), e);
    }
  }
}
