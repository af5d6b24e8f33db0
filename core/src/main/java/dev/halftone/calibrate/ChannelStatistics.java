package dev.halftone.calibrate;

import dev.halftone.tensor.ExactSum;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/// The channels of one tensor along one axis: how far each reaches and how much it varies.
///
/// @param axis counted from the front
/// @param channels empty where samples have other extents along the axis, or more than are looked at
public record ChannelStatistics(int axis, List<Channel> channels) {

  /// The most channels that are looked at; more are places or positions rather than channels.
  static final int MOST = 1024;

  public ChannelStatistics {
    channels = List.copyOf(channels);
    if (axis < 0 || channels.size() > MOST) {
      throw new IllegalArgumentException(channels.size() + " channels along axis " + axis);
    }
  }

  /// @param low the lowest value of all
  /// @param high the highest value of all
  /// @param sumOfMeans sum over samples of each one's mean, exact, in units of 2^-149
  /// @param sumOfSquares likewise of the mean squares
  public record Channel(float low, float high, BigInteger sumOfMeans, BigInteger sumOfSquares) {

    public Channel {
      if (!(low <= high) || Float.isInfinite(low) || Float.isInfinite(high)) {
        throw new IllegalArgumentException("no channel in [" + low + ", " + high + "]");
      }
      if (sumOfSquares.signum() < 0) {
        throw new IllegalArgumentException("sumOfSquares is 0 or more, not " + sumOfSquares);
      }
    }

    Channel merge(Channel other) {
      return new Channel(
          Math.min(low, other.low),
          Math.max(high, other.high),
          sumOfMeans.add(other.sumOfMeans),
          sumOfSquares.add(other.sumOfSquares));
    }

    public double range() {
      return (double) high - low;
    }

    /// The mean square of the difference to the mean.
    ///
    /// @param samples how many were seen
    public double variance(long samples) {
      double mean = ExactSum.ofUnits(sumOfMeans).mean(samples);
      return Math.max(0, power(samples) - mean * mean);
    }

    /// The mean square.
    public double power(long samples) {
      return ExactSum.ofUnits(sumOfSquares).mean(samples);
    }
  }

  /// Both together; associative, commutative, exact. Channels of different number are none.
  ///
  /// @param other along the same axis
  ChannelStatistics merge(ChannelStatistics other) {
    List<Channel> both = new ArrayList<>();
    if (channels.size() == other.channels.size()) {
      for (int c = 0; c < channels.size(); c++) {
        both.add(channels.get(c).merge(other.channels.get(c)));
      }
    }
    return new ChannelStatistics(axis, both);
  }
}
