package dev.halftone.integer;

import dev.halftone.scheme.QuantizedType;

/// The integers that an operation may make: how the Relu family is expressed.
///
/// @param min at least -128, of int16 -32768
/// @param max at most 127, of int16 32767
public record Clamp(int min, int max) {

  /// What an int8 can hold.
  public static final Clamp NONE = new Clamp(-128, 127);

  public Clamp {
    if (min > max || min < Short.MIN_VALUE || max > Short.MAX_VALUE) {
      throw new IllegalArgumentException("no integers in [" + min + ", " + max + "]");
    }
  }

  /// What an integer of this type can hold.
  public static Clamp all(QuantizedType type) {
    return new Clamp(type.low(), type.high());
  }

  public byte of(int value) {
    return (byte) within(value);
  }

  public int within(int value) {
    return Math.max(min, Math.min(max, value));
  }
}
