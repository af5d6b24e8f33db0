package dev.halftone.metric;

import java.util.Comparator;
import java.util.stream.IntStream;

/// Spearman's correlation: that of the ranks of two lists of numbers.
public final class RankCorrelation {

  private RankCorrelation() {}

  /// In [-1, 1]; NaN where all numbers of a list are the same.
  public static double spearman(double[] one, double[] other) {
    if (one.length != other.length) {
      throw new IllegalArgumentException(one.length + " numbers and " + other.length);
    }
    double[] a = ranks(one);
    double[] b = ranks(other);
    double middle = (one.length - 1) / 2.0;
    double both = 0;
    double ofA = 0;
    double ofB = 0;
    for (int i = 0; i < a.length; i++) {
      both += (a[i] - middle) * (b[i] - middle);
      ofA += (a[i] - middle) * (a[i] - middle);
      ofB += (b[i] - middle) * (b[i] - middle);
    }
    return both / Math.sqrt(ofA * ofB);
  }

  /// From 0 on; equal numbers share the mean of their ranks.
  private static double[] ranks(double[] numbers) {
    int[] order =
        IntStream.range(0, numbers.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> numbers[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    double[] ranks = new double[numbers.length];
    int from = 0;
    while (from < order.length) {
      int to = from + 1;
      while (to < order.length && numbers[order[to]] == numbers[order[from]]) {
        to++;
      }
      for (int i = from; i < to; i++) {
        ranks[order[i]] = (from + to - 1) / 2.0;
      }
      from = to;
    }
    return ranks;
  }
}
