package dev.halftone.calibrate;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.annotation.Nulls;
import dev.halftone.tensor.ExactSum;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/// The values seen of one tensor, as extremes, exact sums and counts.
///
/// @param samples how many samples were seen
/// @param counts occurrences by bucket of [Histogram]
/// @param channels by axis, where they were looked at; statistics of older versions have none
public record TensorStatistics(
    long samples,
    @JsonUnwrapped Extremes extremes,
    SortedMap<Integer, Long> counts,
    @JsonSetter(nulls = Nulls.AS_EMPTY) List<ChannelStatistics> channels) {

  /// How far the values reach.
  ///
  /// @param min the lowest value of all
  /// @param max the highest value of all
  /// @param sumOfMins sum over samples of each one's lowest value, exact, in units of 2^-149
  /// @param sumOfMaxes likewise of the highest values
  public record Extremes(float min, float max, BigInteger sumOfMins, BigInteger sumOfMaxes) {

    public Extremes {
      if (!(min <= max) || Float.isInfinite(min) || Float.isInfinite(max)) {
        throw new IllegalArgumentException("no values in [" + min + ", " + max + "]");
      }
    }

    private void require(long samples) {
      requireMean(sumOfMins, samples, "sumOfMins");
      requireMean(sumOfMaxes, samples, "sumOfMaxes");
    }

    private void requireMean(BigInteger sum, long samples, String field) {
      BigInteger count = BigInteger.valueOf(samples);
      if (sum.compareTo(ExactSum.units(min).multiply(count)) < 0
          || sum.compareTo(ExactSum.units(max).multiply(count)) > 0) {
        throw new IllegalArgumentException(
            "%s is no sum of %d values in [%s, %s]".formatted(field, samples, min, max));
      }
    }

    Extremes merge(Extremes other) {
      return new Extremes(
          Math.min(min, other.min),
          Math.max(max, other.max),
          sumOfMins.add(other.sumOfMins),
          sumOfMaxes.add(other.sumOfMaxes));
    }
  }

  public TensorStatistics {
    if (samples < 1) {
      throw new IllegalArgumentException("no statistics: " + samples + " samples");
    }
    counts = Collections.unmodifiableSortedMap(new TreeMap<>(counts));
    channels = List.copyOf(Objects.requireNonNullElse(channels, List.of()));
    Histogram.check(counts);
    extremes.require(samples);
  }

  public float min() {
    return extremes.min;
  }

  public float max() {
    return extremes.max;
  }

  /// Both together; associative, commutative, exact.
  public TensorStatistics merge(TensorStatistics other) {
    SortedMap<Integer, Long> sum = new TreeMap<>(counts);
    other.counts.forEach((bucket, count) -> sum.merge(bucket, count, Long::sum));
    return new TensorStatistics(
        samples + other.samples, extremes.merge(other.extremes), sum, mergedChannels(other));
  }

  /// Along the axes that both have looked at.
  private List<ChannelStatistics> mergedChannels(TensorStatistics other) {
    List<ChannelStatistics> both = new ArrayList<>();
    for (ChannelStatistics mine : channels) {
      other.channels.stream()
          .filter(theirs -> theirs.axis() == mine.axis())
          .findFirst()
          .ifPresent(theirs -> both.add(mine.merge(theirs)));
    }
    return both;
  }

  /// The average over samples of the lowest value.
  public float meanMin() {
    return ExactSum.ofUnits(extremes.sumOfMins).mean(samples);
  }

  /// The average over samples of the highest value.
  public float meanMax() {
    return ExactSum.ofUnits(extremes.sumOfMaxes).mean(samples);
  }

  public Distribution distribution() {
    return Histogram.distribution(counts);
  }
}
