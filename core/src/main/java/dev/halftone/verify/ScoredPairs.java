package dev.halftone.verify;

import dev.halftone.data.text.TextPairs.Pair;
import dev.halftone.metric.RankCorrelation;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/// Spearman's correlation between what a model makes of pairs of texts and the scores that people gave them.
///
/// @param pairs how many
public record ScoredPairs(int pairs, double floatModel, double quantized) {

  /// Fewer are in order by chance.
  private static final int ENOUGH = 10;

  /// Of those that have a score; empty where they are too few, or have no order.
  ///
  /// @param floatModel what it makes of a pair
  static Optional<ScoredPairs> of(
      List<Pair> pairs, ToDoubleFunction<Pair> floatModel, ToDoubleFunction<Pair> quantized) {
    List<Pair> known = pairs.stream().filter(pair -> pair.score().isPresent()).toList();
    double[] scores = known.stream().mapToDouble(pair -> pair.score().orElseThrow()).toArray();
    double floats =
        RankCorrelation.spearman(known.stream().mapToDouble(floatModel).toArray(), scores);
    double integers =
        RankCorrelation.spearman(known.stream().mapToDouble(quantized).toArray(), scores);
    return known.size() < ENOUGH || Double.isNaN(floats) || Double.isNaN(integers)
        ? Optional.empty()
        : Optional.of(new ScoredPairs(known.size(), floats, integers));
  }

  /// Quantized minus float.
  public double change() {
    return quantized - floatModel;
  }
}
