package dev.halftone.metric;

/// Cosines between the vectors of one input and their twins.
///
/// @param sum of all
/// @param worst the smallest
public record Cosines(int vectors, double sum, double worst) {

  /// @param reference // [vectors][width]
  /// @param other // [vectors][width]
  public static Cosines of(float[] reference, float[] other, int width) {
    int vectors = width == 0 ? 0 : reference.length / width;
    double sum = 0;
    double worst = 1;
    for (int i = 0; i < vectors; i++) {
      double cosine = cosine(reference, other, i * width, width);
      sum += cosine;
      worst = Math.min(worst, cosine);
    }
    return new Cosines(vectors, sum, worst);
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
}
