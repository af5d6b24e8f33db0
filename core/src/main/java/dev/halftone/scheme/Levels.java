package dev.halftone.scheme;

/// The integers that a quantized weight may be.
public sealed interface Levels permits Levels.Even, Codebook, Multiples {

  /// The type that holds them all.
  QuantizedType type();

  /// The one nearest to a real number of steps, saturated.
  int nearest(double steps);

  /// All integers of a type; ties to even.
  record Even(QuantizedType type) implements Levels {

    @Override
    public int nearest(double steps) {
      return (int) Math.max(type.low(), Math.min(type.high(), Math.rint(steps)));
    }
  }
}
