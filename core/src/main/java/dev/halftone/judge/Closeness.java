package dev.halftone.judge;

import dev.halftone.meaning.OutputKind;
import dev.halftone.verify.Comparison;
import dev.halftone.verify.OutputFigures;

/// Whether a user would hardly see a difference to the float model's output, by what the output means.
public final class Closeness {

  /// Answers that are those of the float model: enough for ...
  private static final double ENOUGH_CLASSES = 0.98;

  /// ... whole texts, each of many answers, and rows that were selected.
  private static final double ENOUGH_SEQUENCES = 0.95;

  private static final double ENOUGH_COSINE = 0.98;
  private static final double ENOUGH_DECIBELS = 20;

  private Closeness() {}

  /// True where that holds of every output that counts.
  public static boolean of(Comparison comparison) {
    return comparison.judged().stream().allMatch(Closeness::of);
  }

  /// An answer that changed under little noise was nearly a tie; one of a sequence is a wrong one all the same.
  static boolean of(OutputFigures output) {
    boolean isByNoise =
        output.rows().isEmpty()
            && (output.kind() == OutputKind.CLASSES || measured(output).isOfNoise());
    boolean isQuiet = output.sqnr().signal() > 0 && output.isWithin(ENOUGH_DECIBELS);
    return isByNoise && (isQuiet || output.isSilent()) || measured(output).suffices();
  }

  /// What is missing to an output that is not close, as in `sqnr is 12.3 dB in output 'boxes', below 20.0 dB`.
  static String missing(OutputFigures output) {
    Measured measured = measured(output);
    return output.sqnr().count() == 0 && measured.isOfNoise()
        ? "output '%s' has no finite number in both models".formatted(output.name())
        : "%s is %s in output '%s', below %s"
            .formatted(
                measured.figure(),
                measured.figure().text(measured.value()),
                output.name(),
                measured.figure().text(measured.enough()));
  }

  private record Measured(GateFigure figure, double value, double enough) {
    boolean isOfNoise() {
      return figure == GateFigure.SQNR;
    }

    boolean suffices() {
      return value >= enough;
    }
  }

  private static Measured measured(OutputFigures output) {
    Measured noise = new Measured(GateFigure.SQNR, output.decibels(), ENOUGH_DECIBELS);
    if (output.rows().isPresent()) {
      return agreement(output.rows().get().share(), ENOUGH_SEQUENCES);
    }
    return switch (output.kind()) {
      case VALUES -> noise;
      case EMBEDDING ->
          output
              .directions()
              .map(one -> new Measured(GateFigure.COSINE, one.mean(), ENOUGH_COSINE))
              .orElse(noise);
      case CLASSES -> agreement(inputs(output), ENOUGH_CLASSES);
      case TEXT -> agreement(inputs(output), ENOUGH_SEQUENCES);
      case SEQUENCE, INDICES ->
          agreement(
              output.agreement().map(same -> same.positions().value()).orElse(1.0), ENOUGH_CLASSES);
    };
  }

  private static Measured agreement(double share, double enough) {
    return new Measured(GateFigure.AGREEMENT, share, enough);
  }

  private static double inputs(OutputFigures output) {
    return output.agreement().map(same -> same.inputs().value()).orElse(1.0);
  }
}
