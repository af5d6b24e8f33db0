package dev.halftone.data.picture;

/// A decoded picture.
///
/// @param channels 1 (gray) or 3 (red, green, blue)
/// @param pixels `[height][width][channels]`, uint8; treated as immutable
public record Picture(int width, int height, int channels, byte[] pixels) {

  public Picture {
    if (width < 1 || height < 1 || (channels != 1 && channels != 3)) {
      throw new IllegalArgumentException(
          "no picture of " + width + "x" + height + " with " + channels + " channels");
    }
    if (pixels.length != Math.multiplyExact(Math.multiplyExact(width, height), channels)) {
      throw new IllegalArgumentException(
          pixels.length + " bytes for " + width + "x" + height + "x" + channels);
    }
  }

  public Size size() {
    return new Size(width, height);
  }

  /// Luma of ITU-R BT.601 in 16-bit fixed point, rounded; a gray picture as it is.
  public Picture toGray() {
    if (channels == 1) {
      return this;
    }
    byte[] gray = new byte[width * height];
    for (int i = 0, j = 0; i < gray.length; i++, j += 3) {
      int luma =
          19595 * (pixels[j] & 0xFF)
              + 38470 * (pixels[j + 1] & 0xFF)
              + 7471 * (pixels[j + 2] & 0xFF);
      gray[i] = (byte) ((luma + 0x8000) >> 16);
    }
    return new Picture(width, height, 1, gray);
  }

  /// The middle `size` of the picture, which must be at least that large; half pixels round to the even one, as torchvision does.
  public Picture centreCrop(Size size) {
    if (size.width() > width || size.height() > height) {
      throw new IllegalArgumentException("no " + size + " in a picture of " + width + "x" + height);
    }
    if (size.width() == width && size.height() == height) {
      return this;
    }
    int left = (int) Math.rint((width - size.width()) / 2.0);
    int top = (int) Math.rint((height - size.height()) / 2.0);
    int row = size.width() * channels;
    byte[] cropped = new byte[size.height() * row];
    for (int y = 0; y < size.height(); y++) {
      System.arraycopy(pixels, ((top + y) * width + left) * channels, cropped, y * row, row);
    }
    return new Picture(size.width(), size.height(), channels, cropped);
  }

  /// The picture scaled by [TriangleFilter]; one of this size already as it is.
  Picture resized(Size size) {
    return size.equals(size())
        ? this
        : new Picture(
            size.width(),
            size.height(),
            channels,
            TriangleFilter.resize(pixels, size(), channels, size));
  }

  /// The picture scaled down so that neither side is longer than `side`; one that fits already as it is.
  public Picture within(int side) {
    int longer = Math.max(width, height);
    return longer <= side
        ? this
        : resized(
            new Size(Math.max(1, width * side / longer), Math.max(1, height * side / longer)));
  }
}
