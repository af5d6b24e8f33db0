package dev.halftone;

import dev.halftone.recipe.Recipe;
import dev.halftone.verify.Comparison;
import dev.halftone.verify.OutputFigures;
import dev.halftone.verify.OutputKind;
import dev.halftone.verify.Proportion;
import java.util.Optional;
import java.util.function.Function;

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

  /// ... whole texts, each of many answers, and rows that were selected.
  private static final double ENOUGH_SEQUENCES = 0.95;

  private static final double ENOUGH_COSINE = 0.98;
  private static final double ENOUGH_DECIBELS = 20;

  /// The speed; that of the float model where it says nothing.
  double gain() {
    return speed.orElse(1.0);
  }

  /// True where a user would hardly see a difference, in any output that counts.
  static boolean isClose(Comparison comparison) {
    return comparison.judged().stream().allMatch(Trial::isClose);
  }

  /// True where that holds of the outputs that have no answers, of which no share can change.
  static boolean isCloseBeside(Comparison comparison) {
    return comparison.judged().stream()
        .filter(output -> output.agreement().isEmpty())
        .allMatch(Trial::isClose);
  }

  private static boolean isClose(OutputFigures output) {
    if (output.rows().isPresent()) {
      return output.rows().get().share() >= ENOUGH_SEQUENCES;
    }
    boolean isQuiet = output.sqnr().signal() > 0 && output.isWithin(ENOUGH_DECIBELS);
    return switch (output.kind()) {
      case EMBEDDING ->
          output.directions().map(directions -> directions.mean() >= ENOUGH_COSINE).orElse(isQuiet);
      case CLASSES -> isQuiet || isSame(output, ENOUGH_CLASSES, Comparison.Agreement::inputs);
      case TEXT -> isSame(output, ENOUGH_SEQUENCES, Comparison.Agreement::inputs);
      case SEQUENCE, INDICES -> isSame(output, ENOUGH_CLASSES, Comparison.Agreement::positions);
      case VALUES -> isQuiet || output.isSilent();
    };
  }

  /// An answer that changed under little noise was nearly a tie; one of a sequence is a wrong one all the same.
  private static boolean isSame(
      OutputFigures output, double enough, Function<Comparison.Agreement, Proportion> counted) {
    return output.agreement().map(counted).map(same -> same.value() >= enough).orElse(true);
  }

  /// True where answers are whole texts, of which one wrong step makes another.
  boolean judgesSequences() {
    return comparison.judged().stream().anyMatch(output -> output.kind() == OutputKind.TEXT);
  }

  /// What is wrong with the worst output, as a share ([Comparison#noiseShare]): what good trials are told apart by, since agreement on a few
  /// samples is too coarse.
  double noise() {
    return comparison.noiseShare();
  }
}
