package dev.halftone.calibrate;

import dev.halftone.tensor.ExactSum;
import java.math.BigInteger;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/// What was seen of one tensor.
///
/// @param samples how many samples were seen
/// @param min the lowest value of all
/// @param max the highest value of all
/// @param sumOfMins sum over samples of each one's lowest value, exact, in units of 2^-149
/// @param sumOfMaxes likewise of the highest values
/// @param counts occurrences by bucket of [Histogram]
public record TensorStatistics(
    long samples,
    float min,
    float max,
    BigInteger sumOfMins,
    BigInteger sumOfMaxes,
    SortedMap<Integer, Long> counts) {

  public TensorStatistics {
    if (samples < 1 || !(min <= max) || Float.isInfinite(min) || Float.isInfinite(max)) {
      throw new IllegalArgumentException(
          "no statistics: " + samples + " samples in [" + min + ", " + max + "]");
    }
    counts = Collections.unmodifiableSortedMap(new TreeMap<>(counts));
  }

  /// Both together; associative, commutative, exact.
  public TensorStatistics merge(TensorStatistics other) {
    SortedMap<Integer, Long> sum = new TreeMap<>(counts);
    other.counts.forEach((bucket, count) -> sum.merge(bucket, count, Long::sum));
    return new TensorStatistics(
        samples + other.samples,
        Math.min(min, other.min),
        Math.max(max, other.max),
        sumOfMins.add(other.sumOfMins),
        sumOfMaxes.add(other.sumOfMaxes),
        sum);
  }

  /// The average over samples of the lowest value.
  public float meanMin() {
    return ExactSum.ofUnits(sumOfMins).mean(samples);
  }

  /// The average over samples of the highest value.
  public float meanMax() {
    return ExactSum.ofUnits(sumOfMaxes).mean(samples);
  }

  public Distribution distribution() {
    return Histogram.distribution(counts);
  }
}
