package dev.halftone.data.picture;

import java.io.IOException;
import javax.imageio.ImageReader;

/// The limits on a picture's size, checked in its header before anything is allocated.
///
/// Very large pictures are thinned out while they are decoded: every second pixel, or every third, as few as memory asks for, and never
/// so that less than twice the size is left that is needed. The limits are numbers and not shares of the memory at hand, so that the
/// same picture gives the same input everywhere.
final class PictureLimits {

  /// Pictures up to this many pixels are decoded whole: 33.5 million pixels, 100 MB.
  static final long WHOLE = 1L << 25;

  /// Pixels after thinning, where a large picture is wanted.
  private static final long KEPT = 1L << 27;

  /// 2^28 pixels: more than the cameras of telephones make; a damaged header may claim anything.
  private static final long LARGEST = 1L << 28;

  private PictureLimits() {}

  static Size size(ImageReader reader) throws IOException {
    long width = reader.getWidth(0);
    long height = reader.getHeight(0);
    if (width < 1 || height < 1 || width > Size.LIMIT || height > Size.LIMIT) {
      throw new IOException("it claims to be " + width + "x" + height + " pixels large");
    }
    if (reader.isImageTiled(0)
        && (long) reader.getTileWidth(0) * reader.getTileHeight(0)
            > Math.max(WHOLE, width * height)) {
      throw new IOException(
          "it claims tiles of " + reader.getTileWidth(0) + "x" + reader.getTileHeight(0));
    }
    return new Size((int) width, (int) height);
  }

  /// Which pixels of a row, and which rows, are decoded: 1 is all, 2 every second.
  ///
  /// @param needed what the picture will be scaled to
  static int step(PictureFormat format, Size coded, Size needed) throws IOException {
    long pixels = pixels(coded);
    if (pixels > LARGEST) {
      throw new IOException(tooLarge(coded, LARGEST));
    } else if (pixels > WHOLE && format == PictureFormat.WEBP) { // whose decoder keeps all of it
      throw new IOException(tooLarge(coded, WHOLE) + " of WebP, so make it a JPEG");
    }
    int thinnest =
        Math.max(
            1,
            Math.min(coded.width() / (2 * needed.width()), coded.height() / (2 * needed.height())));
    int step = 1;
    while (step < thinnest && kept(coded, step) > WHOLE) {
      step++;
    }
    if (kept(coded, step) > KEPT) {
      throw new IOException(tooLarge(coded, KEPT) + " where resize= does not make it smaller");
    }
    return step;
  }

  private static String tooLarge(Size size, long most) {
    return "it claims to be %dx%d, and %d million pixels are the most that is decoded"
        .formatted(size.width(), size.height(), most / 1_000_000);
  }

  /// Pixels that are decoded.
  static long kept(Size size, int step) {
    return pixels(size) / ((long) step * step);
  }

  private static long pixels(Size size) {
    return (long) size.width() * size.height();
  }
}
