package dev.halftone.scheme;

/// The real numbers that a tensor is taken to hold: `low <= high`, both finite.
public record Range(float low, float high) {

  public Range {
    if (!(low <= high) || Float.isInfinite(low) || Float.isInfinite(high)) {
      throw new IllegalArgumentException("no range: [" + low + ", " + high + "]");
    }
  }

  /// The range, widened to hold zero: zero must be an integer, since padding is zero.
  public Range withZero() {
    return new Range(Math.min(0, low), Math.max(0, high));
  }

  public Range intersect(Range other) {
    float from = Math.max(low, other.low);
    return new Range(from, Math.max(from, Math.min(high, other.high)));
  }

  public Range union(Range other) {
    return new Range(Math.min(low, other.low), Math.max(high, other.high));
  }
}
