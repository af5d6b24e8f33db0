package dev.halftone.data.picture;

import dev.halftone.tensor.Shape;

/// Where the channels stand in a batch of pictures: planes one after the other (NCHW), or pixel by pixel (NHWC).
public enum Layout {
  NCHW,
  NHWC;

  /// The shape of one picture, batch dimension 1.
  public Shape shape(int channels, int height, int width) {
    return this == NCHW
        ? new Shape(1, channels, height, width)
        : new Shape(1, height, width, channels);
  }
}
