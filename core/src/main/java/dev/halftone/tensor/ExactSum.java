package dev.halftone.tensor;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;

/// A sum of floats without rounding, so that any order of additions gives the same bits.
///
/// Fixed point with the unit of the smallest subnormal, 2^-149, in limbs of 32 bits with room to carry (Kulisch's long accumulator,
/// Neal 2015, "Fast exact summation using small and large superaccumulators"). Takes 2^31 additions.
public final class ExactSum {

  private static final int LIMBS = 10;

  /// [LIMBS], limb i counts units of 2^(32 i - 149), each between -2^63 and 2^63
  private final long[] limbs = new long[LIMBS];

  public void add(float value) {
    int bits = Float.floatToRawIntBits(value);
    int exponent = bits >>> 23 & 0xFF;
    if (exponent == 0xFF) {
      throw new IllegalArgumentException("cannot sum " + value);
    }
    long mantissa = bits & 0x7FFFFF | (exponent > 0 ? 0x800000 : 0);
    int shift = Math.max(0, exponent - 1);
    long low = mantissa << (shift & 31);
    int sign = bits < 0 ? -1 : 1;
    limbs[shift >> 5] += sign * (low & 0xFFFFFFFFL);
    limbs[(shift >> 5) + 1] += sign * (low >>> 32);
  }

  public void add(ExactSum other) {
    for (int i = 0; i < LIMBS; i++) {
      limbs[i] += other.limbs[i];
    }
  }

  /// The sum divided by `count`, rounded to float from the exact quotient.
  public float mean(long count) {
    BigDecimal unit = new BigDecimal(Math.scalb(1.0, -149));
    return new BigDecimal(units())
        .divide(BigDecimal.valueOf(count), new MathContext(60))
        .multiply(unit)
        .floatValue();
  }

  /// The limbs in a normal form: equal sums give equal numbers.
  public BigInteger units() {
    BigInteger units = BigInteger.ZERO;
    for (int i = LIMBS - 1; i >= 0; i--) {
      units = units.shiftLeft(32).add(BigInteger.valueOf(limbs[i]));
    }
    return units;
  }

  /// One float in units of 2^-149.
  public static BigInteger units(float value) {
    ExactSum sum = new ExactSum();
    sum.add(value);
    return sum.units();
  }

  public static ExactSum ofUnits(BigInteger units) {
    ExactSum sum = new ExactSum();
    BigInteger rest = units.abs();
    for (int i = 0; i < LIMBS; i++) {
      sum.limbs[i] = units.signum() * (rest.intValue() & 0xFFFFFFFFL);
      rest = rest.shiftRight(32);
    }
    return sum;
  }
}
