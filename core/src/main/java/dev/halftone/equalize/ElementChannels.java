package dev.halftone.equalize;

import java.util.function.IntUnaryOperator;

/// The channels that the elements of a constant belong to.
///
/// @param count of the channels
/// @param channel of an element, by its row-major index; -1 where it belongs to none of them
record ElementChannels(int count, IntUnaryOperator channel) {

  int of(int element) {
    return channel.applyAsInt(element);
  }

  /// So many channels from `first` on, renumbered; elements of all others belong to none.
  ElementChannels part(int first, int channels) {
    return channels == count
        ? this
        : new ElementChannels(
            channels,
            i -> {
              int at = of(i) - first;
              return at < channels ? Math.max(-1, at) : -1;
            });
  }
}
