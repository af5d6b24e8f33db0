package dev.halftone.data.picture;

import com.twelvemonkeys.imageio.color.YCbCrConverter;
import com.twelvemonkeys.imageio.metadata.jpeg.JPEG;
import com.twelvemonkeys.imageio.metadata.jpeg.JPEGSegment;
import com.twelvemonkeys.imageio.metadata.jpeg.JPEGSegmentUtil;
import java.awt.image.Raster;
import java.io.IOException;
import java.util.List;
import javax.imageio.stream.ImageInputStream;

/// JPEG files of four components, which print shops use: inverted CMYK, as Adobe writes it and readers have come to expect of every
/// writer, or YCCK where Adobe's segment says so.
///
/// The decoder's own way to RGB goes by whatever CMYK profile the machine has.
final class CmykJpeg {

  private static final int YCCK = 2;

  /// Where the transform stands, behind the name, the version and twice two bytes of flags.
  private static final int TRANSFORM = 11;

  private CmykJpeg() {}

  /// @param stream the file, for its segments; left anywhere
  /// @param coded components as they are coded, 4 bands of 8 bits
  static Picture toRgb(ImageInputStream stream, Raster coded) throws IOException {
    if (coded.getNumBands() != 4) {
      throw new IOException("a JPEG of " + coded.getNumBands() + " components");
    }
    byte[] inks = DecodedPixels.samples(coded, 8, 4);
    if (adobeTransform(stream) == YCCK) {
      for (int at = 0; at < inks.length; at += 4) {
        YCbCrConverter.convertJPEGYCbCr2RGB(inks, inks, at);
        invert(inks, at, 3);
      }
    }
    invert(inks, 0, inks.length);
    return DecodedPixels.cmyk(inks, coded);
  }

  private static void invert(byte[] samples, int from, int count) {
    for (int i = from; i < from + count; i++) {
      samples[i] = (byte) ~samples[i];
    }
  }

  /// The colour transform that Adobe's segment tells: 0 none, 1 YCbCr, 2 YCCK; 0 where there is no such segment.
  private static int adobeTransform(ImageInputStream stream) throws IOException {
    stream.seek(0);
    List<JPEGSegment> found = JPEGSegmentUtil.readSegments(stream, JPEG.APP14, "Adobe");
    byte[] data = found.isEmpty() ? new byte[0] : found.getFirst().segmentData().readAllBytes();
    return data.length > TRANSFORM ? data[TRANSFORM] : 0;
  }
}
