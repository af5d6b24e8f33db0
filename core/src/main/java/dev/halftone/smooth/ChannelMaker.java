package dev.halftone.smooth;

import dev.halftone.graph.GraphIndex;
import java.util.Optional;

/// What makes the channels of a tensor, and can give them other scales and shifts.
sealed interface ChannelMaker permits ChannelAffine, ValueProjection {

  /// Empty where nothing can.
  static Optional<ChannelMaker> of(String tensor, GraphIndex index) {
    return ChannelAffine.of(tensor, index)
        .<ChannelMaker>map(affine -> affine)
        .or(() -> ValueProjection.of(tensor, index));
  }

  /// True where it adds something to each channel, so that a shift costs no operation.
  boolean canShift();

  int channels(GraphIndex index);
}
