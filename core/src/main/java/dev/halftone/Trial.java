package dev.halftone;

import dev.halftone.recipe.Recipe;
import dev.halftone.verify.Comparison;
import dev.halftone.verify.OutputKind;
import java.util.Optional;

/// What a recipe gave on samples that it was not calibrated on.
///
/// @param what in a few words
/// @param exempt how much is not in 8 bits: layers that compute with floats, or tensors of 16 bits where there are none
/// @param bytes of the file
/// @param speed latency of the float model by its own: 2 is twice as fast; absent where it says nothing
/// @param isGood whether its answers are close enough
public record Trial(
    String what,
    Recipe recipe,
    Comparison comparison,
    int exempt,
    long bytes,
    Optional<Double> speed,
    boolean isGood) {

  /// Answers that are those of the float model: enough for ...
  private static final double ENOUGH_CLASSES = 0.98;

  /// ... whole sequences, each of many answers.
  private static final double ENOUGH_SEQUENCES = 0.95;

  private static final double ENOUGH_COSINE = 0.98;
  private static final double ENOUGH_DECIBELS = 20;

  /// The speed; that of the float model where it says nothing.
  double gain() {
    return speed.orElse(1.0);
  }

  /// True where a user would hardly see a difference.
  static boolean isClose(Comparison comparison) {
    OutputKind kind = comparison.kind();
    if (kind == OutputKind.EMBEDDING && comparison.task().directions().isPresent()) {
      return comparison.task().directions().get().mean() >= ENOUGH_COSINE;
    }
    boolean isQuiet = comparison.sqnr().decibels() >= ENOUGH_DECIBELS;
    if (kind == OutputKind.CLASSES && isQuiet) {
      return true; // an answer that changed was nearly a tie
    }
    double enough = kind == OutputKind.CLASSES ? ENOUGH_CLASSES : ENOUGH_SEQUENCES;
    return comparison
        .agreement()
        .map(agreement -> agreement.inputs().value())
        .map(share -> share >= enough)
        .orElse(isQuiet);
  }

  /// True where answers are whole sequences, of which one wrong step makes another.
  boolean judgesSequences() {
    return comparison.kind() == OutputKind.SEQUENCE || comparison.kind() == OutputKind.TEXT;
  }

  /// The error of the output over its power: what good trials are told apart by, since agreement on a few samples is too coarse.
  double noise() {
    return comparison.sqnr().noiseShare();
  }
}
