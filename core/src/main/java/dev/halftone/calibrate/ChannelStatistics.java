package dev.halftone.calibrate;

import dev.halftone.scheme.ChannelValues;
import java.util.List;

/// The channels of one tensor along one axis: how far each reaches and how much it varies.
///
/// @param axis counted from the front
/// @param channels empty where samples have other extents along the axis, or more than are looked at
public record ChannelStatistics(int axis, List<ChannelValues> channels) {

  /// The most channels that are looked at; more are places or positions rather than channels.
  static final int MOST = 1024;

  public ChannelStatistics {
    channels = List.copyOf(channels);
    if (axis < 0 || channels.size() > MOST) {
      throw new IllegalArgumentException(channels.size() + " channels along axis " + axis);
    }
  }

  /// Both together; associative, commutative, exact. Channels of different number are none.
  ///
  /// @param other along the same axis
  ChannelStatistics merge(ChannelStatistics other) {
    return new ChannelStatistics(axis, ChannelValues.merged(channels, other.channels));
  }
}
