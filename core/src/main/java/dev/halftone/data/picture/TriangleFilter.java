package dev.halftone.data.picture;

/// Scales pictures with a triangle (bilinear) filter whose support grows with the reduction, so that scaling down averages and does not
/// alias. Separable, columns first, in 22-bit fixed point with a rounding to uint8 between the two passes: the arithmetic of Pillow's
/// `Image.resize(size, BILINEAR)`, with which most published classifiers were evaluated, bit for bit.
final class TriangleFilter {

  private static final int BITS = 22;

  private TriangleFilter() {}

  /// @param pixels `[height][width][channels]` of a picture of size `from`; returned as they are where `to` is the same
  static byte[] resize(byte[] pixels, Size from, int channels, Size to) {
    byte[] columns =
        to.width() == from.width() ? pixels : scaleWidth(pixels, from, channels, to.width());
    return to.height() == from.height()
        ? columns
        : scaleHeight(columns, from.height(), to.width() * channels, to.height());
  }

  private static byte[] scaleWidth(byte[] from, Size size, int channels, int width) {
    Taps taps = Taps.of(size.width(), width);
    byte[] to = new byte[width * size.height() * channels];
    for (int y = 0, out = 0; y < size.height(); y++) {
      int row = y * size.width() * channels;
      for (int x = 0; x < width; x++) {
        int[] weights = taps.weights[x];
        int at = row + taps.first[x] * channels;
        for (int c = 0; c < channels; c++) {
          int sum = 1 << (BITS - 1);
          for (int k = 0, i = at + c; k < weights.length; k++, i += channels) {
            sum += (from[i] & 0xFF) * weights[k];
          }
          to[out++] = clip(sum);
        }
      }
    }
    return to;
  }

  /// @param row bytes of a row
  private static byte[] scaleHeight(byte[] from, int before, int row, int height) {
    Taps taps = Taps.of(before, height);
    byte[] to = new byte[row * height];
    int[] sums = new int[row];
    for (int y = 0; y < height; y++) {
      java.util.Arrays.fill(sums, 1 << (BITS - 1));
      int[] weights = taps.weights[y];
      for (int k = 0; k < weights.length; k++) {
        int at = (taps.first[y] + k) * row;
        int weight = weights[k];
        for (int i = 0; i < row; i++) {
          sums[i] += (from[at + i] & 0xFF) * weight;
        }
      }
      for (int i = 0; i < row; i++) {
        to[y * row + i] = clip(sums[i]);
      }
    }
    return to;
  }

  private static byte clip(int sum) {
    return (byte) Math.min(sum >> BITS, 255);
  }

  /// What each output position is made of.
  ///
  /// @param first `[out]`, the first input position
  /// @param weights `[out][taps]`, of the input positions from `first` on, scaled by 2^22; they sum to about 2^22
  private record Taps(int[] first, int[][] weights) {

    static Taps of(int in, int out) {
      double scale = (double) in / out;
      double support = Math.max(scale, 1);
      int[] first = new int[out];
      int[][] weights = new int[out][];
      for (int i = 0; i < out; i++) {
        double centre = (i + 0.5) * scale;
        int from = Math.max((int) (centre - support + 0.5), 0);
        int to = Math.min((int) (centre + support + 0.5), in);
        first[i] = from;
        weights[i] = triangle(from, to, centre, support);
      }
      return new Taps(first, weights);
    }

    private static int[] triangle(int from, int to, double centre, double support) {
      double[] exact = new double[to - from];
      double sum = 0;
      for (int k = 0; k < exact.length; k++) {
        double distance = Math.abs((from + k - centre + 0.5) * (1 / support));
        exact[k] = Math.max(0, 1 - distance);
        sum += exact[k];
      }
      int[] weights = new int[exact.length];
      for (int k = 0; k < exact.length; k++) {
        weights[k] = (int) (0.5 + exact[k] / sum * (1 << BITS));
      }
      return weights;
    }
  }
}
