package dev.halftone.calibrate;

/// A histogram of values: buckets from the lowest value to the highest, none empty.
///
/// @param lows [buckets] lower ends
/// @param highs [buckets] upper ends; a bucket of exactly zero has both ends zero
/// @param counts [buckets]
public record Distribution(float[] lows, float[] highs, long[] counts) {

  public int buckets() {
    return counts.length;
  }

  public long total() {
    long total = 0;
    for (long count : counts) {
      total += count;
    }
    return total;
  }

  /// The value that stands for a bucket.
  public float center(int bucket) {
    return (lows[bucket] + highs[bucket]) / 2;
  }

  /// Counts in `bins` equal bins over [low, high]; a bucket is shared out over the bins it touches, what lies outside counts in the
  /// outermost bins.
  public double[] linear(double low, double high, int bins) {
    double[] linear = new double[bins];
    double width = (high - low) / bins;
    for (int b = 0; b < counts.length; b++) {
      double from = (lows[b] - low) / width;
      double to = (highs[b] - low) / width;
      int first = (int) Math.max(0, Math.min(bins - 1, Math.floor(from)));
      int last = (int) Math.max(first, Math.min(bins - 1, Math.ceil(to) - 1));
      if (first == last || !(to > from)) {
        linear[first] += counts[b];
        continue;
      }
      double density = counts[b] / (to - from);
      for (int i = first; i <= last; i++) {
        double start = i == first ? from : i;
        double end = i == last ? to : i + 1;
        linear[i] += density * (end - start);
      }
    }
    return linear;
  }
}
