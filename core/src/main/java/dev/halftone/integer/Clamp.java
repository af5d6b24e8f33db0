package dev.halftone.integer;

/// The integers that an operation may make: how the Relu family is expressed.
///
/// @param min at least -128
/// @param max at most 127
public record Clamp(int min, int max) {

  /// What an int8 can hold.
  public static final Clamp NONE = new Clamp(-128, 127);

  public Clamp {
    if (min > max || min < -128 || max > 127) {
      throw new IllegalArgumentException("no int8 in [" + min + ", " + max + "]");
    }
  }

  public byte of(int value) {
    return (byte) Math.max(min, Math.min(max, value));
  }
}
