package dev.halftone.scheme;

import java.util.Locale;

/// The numbers that a scale may be.
public enum Scales {
  /// Any: a quotient of scales is a multiplier and a shift.
  ANY,
  /// Powers of two: fixed-point numbers, Qm.n for each tensor and each output channel. Every quotient of scales is a shift.
  POWERS_OF_TWO;

  /// As in `powers-of-two`.
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// The least scale that there is, of `scale` or more.
  public float up(float scale) {
    if (this == ANY) {
      return scale;
    }
    float power = Math.scalb(1f, Math.getExponent(scale));
    return power < scale ? power * 2 : power;
  }

  /// True of a scale that there is.
  public boolean has(float scale) {
    return up(scale) == scale;
  }
}
