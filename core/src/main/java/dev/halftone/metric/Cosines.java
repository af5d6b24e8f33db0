package dev.halftone.metric;

import java.util.Arrays;

/// Cosines between vectors and their twins.
///
/// @param each in the order of the vectors
public record Cosines(double[] each) {

  /// @param reference // [vectors][width]
  /// @param other // [vectors][width]
  public static Cosines of(float[] reference, float[] other, int width) {
    double[] each = new double[width == 0 ? 0 : reference.length / width];
    for (int i = 0; i < each.length; i++) {
      each[i] = cosine(reference, other, i * width, width);
    }
    return new Cosines(each);
  }

  /// Between two vectors.
  public static double between(float[] one, float[] other) {
    return cosine(one, other, 0, one.length);
  }

  /// Two vectors of zeros have the same direction; a vector of zeros, or with an element that is no number, has none in common with another.
  private static double cosine(float[] reference, float[] other, int from, int width) {
    double signal = 0;
    double power = 0;
    double dot = 0;
    for (int i = from; i < from + width; i++) {
      signal += (double) reference[i] * reference[i];
      power += (double) other[i] * other[i];
      dot += (double) reference[i] * other[i];
    }
    if (signal == 0 && power == 0) {
      return 1;
    }
    double cosine = dot / Math.sqrt(signal * power);
    return Double.isFinite(cosine) ? Math.clamp(cosine, -1.0, 1.0) : 0;
  }

  public int vectors() {
    return each.length;
  }

  /// The sum of all, in their order.
  public double sum() {
    double sum = 0;
    for (double cosine : each) {
      sum += cosine;
    }
    return sum;
  }

  /// The smallest; 1 where there is none.
  public double worst() {
    return Arrays.stream(each).min().orElse(1);
  }
}
