package dev.halftone.metric;

import java.util.Arrays;

/// The spread of some cosines.
///
/// @param vectors how many cosines
/// @param firstPercentile the cosine that one in a hundred is below
/// @param worst the smallest
public record CosineSpread(int vectors, double mean, double firstPercentile, double worst) {

  /// @param cosines at least one; the mean adds them up in their order
  public static CosineSpread of(double... cosines) {
    if (cosines.length == 0) {
      throw new IllegalArgumentException("a spread is of one cosine at least");
    }
    double sum = 0;
    for (double cosine : cosines) {
      sum += cosine;
    }
    double[] sorted = cosines.clone();
    Arrays.sort(sorted);
    return new CosineSpread(
        sorted.length, sum / sorted.length, Quantile.of(sorted, 0.01), sorted[0]);
  }
}
