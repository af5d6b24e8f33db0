package dev.halftone.equalize;

import dev.halftone.tensor.ExactSum;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/// The lowest and the highest value of each channel of a tensor and its power.
///
/// @param samples how many samples were seen
public record ChannelRange(long samples, List<Channel> channels) {

  public ChannelRange {
    channels = List.copyOf(channels);
    if (samples < 0) {
      throw new IllegalArgumentException("samples is 0 or more, not " + samples);
    }
  }

  /// @param low never positive, for zero is always within reach
  /// @param high never negative
  /// @param sumOfSquares sum over samples of each one's mean square, exact, in units of 2^-149
  public record Channel(float low, float high, BigInteger sumOfSquares) {

    public Channel {
      if (!(low <= 0 && high >= 0) || sumOfSquares.signum() < 0) {
        throw new IllegalArgumentException(
            "no channel in [" + low + ", " + high + "] with squares of " + sumOfSquares);
      }
    }

    Channel merge(Channel other) {
      return new Channel(
          Math.min(low, other.low),
          Math.max(high, other.high),
          sumOfSquares.add(other.sumOfSquares));
    }
  }

  float low(int channel) {
    return channels.get(channel).low();
  }

  float high(int channel) {
    return channels.get(channel).high();
  }

  /// The mean square.
  double power(int channel) {
    return samples == 0 ? 0 : ExactSum.ofUnits(channels.get(channel).sumOfSquares()).mean(samples);
  }

  /// Both together; associative, commutative, exact.
  ChannelRange merge(ChannelRange other) {
    if (channels.size() != other.channels.size()) {
      throw new IllegalArgumentException(
          "%d channels and %d".formatted(channels.size(), other.channels.size()));
    }
    List<Channel> both = new ArrayList<>();
    for (int c = 0; c < channels.size(); c++) {
      both.add(channels.get(c).merge(other.channels.get(c)));
    }
    return new ChannelRange(samples + other.samples, both);
  }
}
