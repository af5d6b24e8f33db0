package dev.halftone.smooth;

import dev.halftone.graph.GraphIndex;

/// A maker of the channels of a tensor, which can give them other scales and shifts.
sealed interface ChannelMaker permits ChannelAffine, ValueProjection {

  /// True where it adds something to each channel, so that a shift costs no operation.
  boolean canShift();

  int channels(GraphIndex index);
}
