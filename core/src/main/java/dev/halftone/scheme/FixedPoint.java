package dev.halftone.scheme;

/// A positive real factor as integers: `multiplier * 2^(shift - 31)`, as TFLite and gemmlowp define it.
///
/// The product is rounded twice, as `MultiplyByQuantizedMultiplier` of TFLite's reference kernels does unless it is built with
/// `TFLITE_SINGLE_ROUNDING`, and CMSIS-NN unless with `CMSIS_NN_USE_SINGLE_ROUNDING`: first to 31 bits below the point
/// (`SaturatingRoundingDoublingHighMul`, ties up), then by `RoundingDivideByPOT` (ties away from zero).
///
/// @param multiplier in [2^30, 2^31), or 0 where the factor is too small to leave anything of an int32
/// @param shift positive to the left, in [-31, 30]
public record FixedPoint(int multiplier, int shift) {

  private static final long ONE = 1L << 31;

  public FixedPoint {
    if (multiplier != 0 && multiplier < 1 << 30) {
      throw new IllegalArgumentException("a multiplier is 0 or in [2^30, 2^31), not " + multiplier);
    }
    if (shift < -31 || shift > 30) {
      throw new IllegalArgumentException("a shift is in [-31, 30], not " + shift);
    }
  }

  /// The nearest fixed-point number: TFLite's `QuantizeMultiplier`.
  public static FixedPoint of(double factor) {
    if (!(factor >= 0) || factor >= 0x1p30) {
      throw new IllegalArgumentException("a factor is in [0, 2^30), not " + factor);
    }
    if (factor == 0) {
      return new FixedPoint(0, 0);
    }
    int shift = Math.getExponent(factor) + 1;
    long multiplier = (long) Math.floor(Math.scalb(factor, 31 - shift) + 0.5);
    if (multiplier == ONE) {
      multiplier /= 2;
      shift++;
    }
    return shift < -31 ? new FixedPoint(0, 0) : new FixedPoint((int) multiplier, shift);
  }

  /// `x` times this, rounded. The caller sees to it that `x << shift` fits an int32 where the shift is to the left.
  public int times(int x) {
    return times(x, multiplier, shift);
  }

  /// `x` times a multiplier that need not be normalized: `multiplier * 2^(shift - 31)`, multiplier >= 0.
  public static int times(int x, int multiplier, int shift) {
    int left = Math.max(0, shift);
    int right = Math.max(0, -shift);
    return roundingShift(doublingHighMul(x << left, multiplier), right);
  }

  /// A sum of products of int16 and int8 times this, rounded once, ties up, with the upper 16 bits of the multiplier alone:
  /// `MultiplyByQuantizedMultiplier` of 64 bits in TFLite, `arm_nn_requantize_s64` in CMSIS-NN.
  public int timesLong(long x) {
    int reduced = multiplier < 0x7FFF_0000 ? (multiplier + (1 << 15)) >> 16 : 0x7FFF;
    int right = 15 - shift;
    return (int) ((x * reduced + (1L << (right - 1))) >> right);
  }

  public boolean isPowerOfTwo() {
    return multiplier == 1 << 30;
  }

  /// The real number that this stands for.
  public double value() {
    return Math.scalb((double) multiplier, shift - 31);
  }

  /// `(a * b) / 2^31` to nearest, ties up; gemmlowp saturates the one case that callers rule out, where both are -2^31.
  public static int doublingHighMul(int a, int b) {
    return (int) (((long) a * b + (1L << 30)) >> 31);
  }

  /// `x / 2^exponent` to nearest, ties away from zero; exponent 0 to 31.
  public static int roundingShift(int x, int exponent) {
    int mask = (int) ((1L << exponent) - 1);
    int remainder = x & mask;
    int threshold = (mask >> 1) + (x < 0 ? 1 : 0);
    return (x >> exponent) + (remainder > threshold ? 1 : 0);
  }
}
