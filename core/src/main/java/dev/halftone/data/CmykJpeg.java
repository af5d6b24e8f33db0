package dev.halftone.data;

import java.awt.image.Raster;
import java.io.IOException;

/// JPEG files of four colour components, which print shops use and `javax.imageio` gives undecoded.
///
/// They hold inverted CMYK, as Adobe writes it and readers have come to expect of every writer, or YCCK, its first three components
/// turned to YCbCr, where Adobe's segment says so.
final class CmykJpeg {

  private static final int YCCK = 2;

  private CmykJpeg() {}

  /// @param raw components as they are coded, 4 bands of 8 bits
  static Picture toRgb(Raster raw, byte[] encoded) throws IOException {
    if (raw.getNumBands() != 4) {
      throw new IOException("a JPEG of " + raw.getNumBands() + " components");
    }
    boolean ycck = JpegHeader.adobeTransform(encoded) == YCCK;
    int width = raw.getWidth();
    int height = raw.getHeight();
    byte[] to = new byte[width * height * 3];
    int[] row = new int[width * 4];
    for (int y = 0, out = 0; y < height; y++) {
      raw.getPixels(raw.getMinX(), raw.getMinY() + y, width, 1, row);
      for (int i = 0; i < row.length; i += 4) {
        if (ycck) {
          toInvertedCmy(row, i);
        }
        for (int c = 0; c < 3; c++) {
          to[out++] = (byte) ((row[i + c] * row[i + 3] + 127) / 255);
        }
      }
    }
    return new Picture(width, height, 3, to);
  }

  /// JFIF's YCbCr to RGB, and 255 minus that.
  private static void toInvertedCmy(int[] samples, int at) {
    double y = samples[at];
    double cb = samples[at + 1] - 128.0;
    double cr = samples[at + 2] - 128.0;
    samples[at] = 255 - clip(y + 1.402 * cr);
    samples[at + 1] = 255 - clip(y - 0.344136 * cb - 0.714136 * cr);
    samples[at + 2] = 255 - clip(y + 1.772 * cb);
  }

  private static int clip(double value) {
    return Math.clamp(Math.round(value), 0, 255);
  }
}
