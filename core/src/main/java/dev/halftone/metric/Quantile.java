package dev.halftone.metric;

/// A quantile of sorted numbers: linear between the two nearest ranks.
public final class Quantile {

  private Quantile() {}

  /// @param sorted at least one number, the smallest first
  /// @param share of the numbers that are below, in [0, 1]
  public static double of(double[] sorted, double share) {
    double at = share * (sorted.length - 1);
    int low = (int) at;
    int high = Math.min(low + 1, sorted.length - 1);
    return sorted[low] + (at - low) * (sorted[high] - sorted[low]);
  }
}
