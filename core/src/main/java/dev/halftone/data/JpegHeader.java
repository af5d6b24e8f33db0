package dev.halftone.data;

import java.nio.charset.StandardCharsets;
import java.util.function.IntPredicate;

/// The segments of a JPEG file in front of its pixels (ISO/IEC 10918-1, annex B).
final class JpegHeader {

  private static final int COMMENT = 0xFE;
  private static final int APP2 = 0xE2;
  private static final int APP14 = 0xEE;
  private static final int START_OF_SCAN = 0xDA;

  private JpegHeader() {}

  static boolean hasFourComponents(byte[] encoded) {
    int frame = segment(encoded, 2, JpegHeader::isStartOfFrame);
    return frame >= 0 && frame + 9 < encoded.length && encoded[frame + 9] == 4;
  }

  /// The colour transform that Adobe's segment tells: 0 none, 1 YCbCr, 2 YCCK; -1 where there is no such segment.
  static int adobeTransform(byte[] encoded) {
    int app14 = segment(encoded, 2, marker -> marker == APP14);
    return app14 >= 0 && app14 + 15 < encoded.length ? encoded[app14 + 15] : -1;
  }

  /// Turns the colour profile, where there is one, into a comment, in place: `javax.imageio` would apply it.
  static void hideProfile(byte[] encoded) {
    byte[] name = "ICC_PROFILE".getBytes(StandardCharsets.US_ASCII);
    int at = segment(encoded, 2, marker -> marker == APP2);
    while (at >= 0) {
      int end = at + 4 + name.length;
      if (end < encoded.length
          && java.util.Arrays.equals(encoded, at + 4, end, name, 0, name.length)) {
        encoded[at + 1] = (byte) COMMENT;
      }
      at = segment(encoded, next(encoded, at), marker -> marker == APP2);
    }
  }

  private static boolean isStartOfFrame(int marker) {
    return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
  }

  /// Offset of the first segment from `at` on with such a marker, at its 0xFF; -1 where there is none or this is no JPEG.
  private static int segment(byte[] encoded, int from, IntPredicate wanted) {
    if (encoded.length < 4 || (encoded[0] & 0xFF) != 0xFF || (encoded[1] & 0xFF) != 0xD8) {
      return -1;
    }
    int at = from;
    while (at + 3 < encoded.length && (encoded[at] & 0xFF) == 0xFF) {
      int marker = encoded[at + 1] & 0xFF;
      if (wanted.test(marker)) {
        return at;
      } else if (marker == START_OF_SCAN) {
        return -1;
      }
      at = marker == 0xFF ? at + 1 : next(encoded, at);
    }
    return -1;
  }

  private static int next(byte[] encoded, int at) {
    return at + 2 + ((encoded[at + 2] & 0xFF) << 8 | (encoded[at + 3] & 0xFF));
  }
}
