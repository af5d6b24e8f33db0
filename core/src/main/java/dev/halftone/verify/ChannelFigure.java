package dev.halftone.verify;

import com.fasterxml.jackson.annotation.JsonGetter;
import java.util.OptionalDouble;

/// The channel of an output that is farthest off, for what it says itself.
///
/// The signal is the power of the channel, but no more than 8 times the power of its variation over samples and positions: what is always the
/// same tells nothing, and a channel that has become constant is lost. Where a channel is quieter than the channels of its kind, the signal is
/// half way (in dB) between its own and theirs: noise of a class that hardly ever occurs is no loss, a class that occurs and is lost is one.
///
/// @param axis of the channels, from the front
/// @param channel index on that axis
/// @param channels extent of the axis
/// @param poor channels that are noise for a good part, below 10 dB
/// @param signal mean power of what the channel says
/// @param noise mean power of its error
public record ChannelFigure(
    int axis, int channel, int channels, int poor, double signal, double noise) {

  public ChannelFigure {
    if (axis < 0 || channel < 0 || channel >= channels || !(signal > 0 && noise >= 0)) {
      throw new IllegalArgumentException(
          "channel %d of %d on axis %d, signal %s, noise %s"
              .formatted(channel, channels, axis, signal, noise));
    }
  }

  /// Power of the error over the power of the signal.
  public double noiseShare() {
    return noise / signal;
  }

  /// Infinite where there is no noise.
  public double decibels() {
    return 10 * Math.log10(signal / noise);
  }

  ChannelFigure withPoor(int other) {
    return new ChannelFigure(axis, channel, channels, other, signal, noise);
  }

  /// As in `channel 4 of 22 (axis 1)`.
  public String place() {
    return "channel %d of %d (axis %d)".formatted(channel, channels, axis);
  }

  @JsonGetter("decibels")
  OptionalDouble finiteDecibels() {
    double value = decibels();
    return Double.isFinite(value) ? OptionalDouble.of(value) : OptionalDouble.empty();
  }
}
