package dev.halftone.verify;

import dev.halftone.metric.CosineSpread;
import dev.halftone.metric.Neighbours;
import java.util.Optional;

/// The closeness of embeddings as their users notice it.
///
/// @param neighbours present where there is a vector an input, and enough of them
/// @param pairs present where samples are pairs with a score
/// @param lengths present where inputs are texts of different lengths, and enough of them
public record Similarity(
    Optional<Neighbours> neighbours, Optional<ScoredPairs> pairs, Optional<ByLength> lengths) {

  /// Cosines to the float model of short texts and of long ones.
  ///
  /// @param border a text of more tokens is long
  public record ByLength(int border, CosineSpread shorter, CosineSpread longer) {}
}
