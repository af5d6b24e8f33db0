package dev.halftone.data.picture;

/// The turn that sets a coded picture upright; the eight values of the EXIF field 274, named after what is done.
enum Orientation {
  AS_CODED(false, false, false),
  MIRROR(false, true, false),
  TURN_HALF(false, true, true),
  FLIP(false, false, true),
  TRANSPOSE(true, false, false),
  TURN_RIGHT(true, true, false),
  TRANSVERSE(true, true, true),
  TURN_LEFT(true, false, true);

  private final boolean swap;
  private final boolean mirror;
  private final boolean flip;

  /// @param swap whether rows become columns, before anything else
  /// @param mirror whether left and right are exchanged then
  /// @param flip whether top and bottom are
  Orientation(boolean swap, boolean mirror, boolean flip) {
    this.swap = swap;
    this.mirror = mirror;
    this.flip = flip;
  }

  /// @param exif 1 to 8; any other value means nothing, as most readers take it
  static Orientation of(int exif) {
    return exif >= 1 && exif <= 8 ? values()[exif - 1] : AS_CODED;
  }

  /// The size upright of a picture coded as `size`, and back.
  Size apply(Size size) {
    return swap ? new Size(size.height(), size.width()) : size;
  }

  Picture apply(Picture coded) {
    if (this == AS_CODED) {
      return coded;
    }
    int channels = coded.channels();
    int width = swap ? coded.height() : coded.width();
    int height = swap ? coded.width() : coded.height();
    int stepX = (swap ? coded.width() : 1) * channels;
    int stepY = (swap ? 1 : coded.width()) * channels;
    byte[] from = coded.pixels();
    byte[] to = new byte[from.length];
    for (int y = 0, out = 0; y < height; y++) {
      int row = (flip ? height - 1 - y : y) * stepY;
      for (int x = 0; x < width; x++) {
        int at = row + (mirror ? width - 1 - x : x) * stepX;
        for (int c = 0; c < channels; c++) {
          to[out++] = from[at + c];
        }
      }
    }
    return new Picture(width, height, channels, to);
  }
}
