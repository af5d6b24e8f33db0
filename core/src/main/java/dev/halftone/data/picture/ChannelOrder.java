package dev.halftone.data.picture;

/// The colours of a pixel, in the order in which a model takes them.
public enum ChannelOrder {
  RGB(3),
  BGR(3),
  GRAY(1);

  private final int channels;

  ChannelOrder(int channels) {
    this.channels = channels;
  }

  public int channels() {
    return channels;
  }
}
