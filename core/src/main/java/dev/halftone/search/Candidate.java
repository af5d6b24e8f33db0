package dev.halftone.search;

import dev.halftone.meaning.OutputKind;
import dev.halftone.recipe.Recipe;
import dev.halftone.verify.Comparison;
import java.util.Optional;

/// A recipe and its results on samples that it was not calibrated on.
///
/// @param what in a few words
/// @param isGood whether its answers are close enough
/// @param dependsOnBatch whether what it makes of one sample depends on the others of a batch
public record Candidate(
    String what,
    Recipe recipe,
    Comparison comparison,
    boolean isGood,
    boolean dependsOnBatch,
    Cost cost) {

  /// What the quantized model takes.
  ///
  /// @param exempt how much is not in 8 bits: layers that compute with floats, or tensors of 16 bits where there are none
  /// @param bytes of the file
  /// @param speed latency of the float model by its own: 2 is twice as fast; absent where it says nothing
  public record Cost(int exempt, long bytes, Optional<Double> speed) {}

  /// The speed; that of the float model where it says nothing.
  public double gain() {
    return cost.speed.orElse(1.0);
  }

  /// True where answers are whole texts, of which one wrong step makes another.
  boolean judgesSequences() {
    return comparison.judged().stream().anyMatch(output -> output.kind() == OutputKind.TEXT);
  }

  /// What is wrong with the worst output, as a share ([Comparison#noiseShare]): what good trials are told apart by, since agreement on a few
  /// samples is too coarse.
  public double noise() {
    return comparison.noiseShare();
  }
}
