package dev.halftone.judge;

import dev.halftone.UnusableInputException;
import dev.halftone.verify.Comparison;
import dev.halftone.verify.OutputFigures;
import dev.halftone.verify.TaskFigures;
import dev.halftone.wording.Figures;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
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
  record AtLeast(GateFigure figure, double least) implements Gate {
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
      Drop drop = drop(comparison).orElseThrow(() -> GateFigure.TOP1.unknown(comparison));
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
          || GateFigure.answers(output).filter(share -> share - 1 >= -points).isPresent();
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
              GateFigure.least(comparison, GateFigure::answers)
                  .map(share ->
                      new Drop("agreement with float", share - 1, GateFigure::hasAnswers)));
    }

    /// As in `0.5 pp`.
    private static String pp(double points) {
      return new BigDecimal(points * 100, new MathContext(3)).stripTrailingZeros().toPlainString()
          + " pp";
    }
  }

  /// Reads `top1=0.85`, `agreement=98%` or `sqnr=20`.
  ///
  /// Throws IllegalArgumentException, with a sentence for the reader, where the text is none of these.
  static AtLeast parse(String text) {
    String[] parts = text.split("=", 2);
    String number = parts.length == 2 ? parts[1].strip() : "";
    for (GateFigure figure : GateFigure.values()) {
      if (figure.toString().equals(parts[0].strip().toLowerCase(Locale.ROOT))) {
        boolean percent = number.endsWith("%");
        double value = number(percent ? number.substring(0, number.length() - 1) : number, text);
        double least = percent ? value / 100 : value;
        boolean isReachable = figure == GateFigure.SQNR ? !percent : least >= -1 && least <= 1;
        if (!isReachable) {
          throw new IllegalArgumentException(
              "'%s' is out of reach: shares and cosines lie between 0 and 1 (0.98 or 98%%), sqnr is in dB"
                  .formatted(text));
        }
        return new AtLeast(figure, least);
      }
    }
    throw new IllegalArgumentException(
        "'%s' is not understood: write top1, top5, agreement, steps, characters, sqnr, cosine, worst-cosine, top10 or batch and its bar, as in agreement=0.98"
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
