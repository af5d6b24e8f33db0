package dev.halftone.scheme;

import dev.halftone.tensor.ExactSum;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/// Values of one channel of a tensor, over samples: how far they reach, and exact sums that merge.
///
/// @param low the lowest value of all
/// @param high the highest value of all
/// @param sumOfMeans sum over samples of each one's mean, exact, in units of 2^-149
/// @param sumOfSquares likewise of the mean squares
public record ChannelValues(float low, float high, BigInteger sumOfMeans, BigInteger sumOfSquares) {

  public ChannelValues {
    if (!(low <= high) || Float.isInfinite(low) || Float.isInfinite(high)) {
      throw new IllegalArgumentException("no channel in [" + low + ", " + high + "]");
    }
    if (sumOfSquares.signum() < 0) {
      throw new IllegalArgumentException("sumOfSquares is 0 or more, not " + sumOfSquares);
    }
  }

  private ChannelValues merge(ChannelValues other) {
    return new ChannelValues(
        Math.min(low, other.low),
        Math.max(high, other.high),
        sumOfMeans.add(other.sumOfMeans),
        sumOfSquares.add(other.sumOfSquares));
  }

  /// Each channel of both together; associative, commutative, exact. Channels of different number are none.
  public static List<ChannelValues> merged(List<ChannelValues> some, List<ChannelValues> others) {
    List<ChannelValues> both = new ArrayList<>();
    if (some.size() == others.size()) {
      for (int c = 0; c < some.size(); c++) {
        both.add(some.get(c).merge(others.get(c)));
      }
    }
    return both;
  }

  public double range() {
    return (double) high - low;
  }

  /// @param samples how many were seen
  public double mean(long samples) {
    return ExactSum.ofUnits(sumOfMeans).mean(samples);
  }

  /// The mean square.
  ///
  /// @param samples how many were seen
  public double power(long samples) {
    return ExactSum.ofUnits(sumOfSquares).mean(samples);
  }

  /// The mean square of the difference to the mean.
  ///
  /// @param samples how many were seen
  public double variance(long samples) {
    double mean = mean(samples);
    return Math.max(0, power(samples) - mean * mean);
  }

  /// Gathers the values of one channel over samples in any order.
  public static final class Tally {

    private float low = Float.POSITIVE_INFINITY;
    private float high = Float.NEGATIVE_INFINITY;
    private final ExactSum means = new ExactSum();
    private final ExactSum squares = new ExactSum();

    /// Some values of the channel lie between these, and reach them.
    public void reach(float least, float most) {
      low = Math.min(low, least);
      high = Math.max(high, most);
    }

    /// @param mean of the channel in one sample
    /// @param square the mean square
    public void add(double mean, double square) {
      means.add((float) mean);
      squares.add((float) Math.min(square, Float.MAX_VALUE));
    }

    public ChannelValues values() {
      return new ChannelValues(low, high, means.units(), squares.units());
    }
  }
}
