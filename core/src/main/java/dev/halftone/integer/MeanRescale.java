package dev.halftone.integer;

import dev.halftone.scheme.FixedPoint;

/// The quotient of two scales, over the number of elements, as TFLite's MEAN has it: the multiplier is divided, rounding down, after
/// as many bits as the number of elements has were made room for. It may leave the range that [FixedPoint] keeps by a bit.
///
/// @param multiplier non-negative
/// @param shift positive to the left, in [-31, 30]
public record MeanRescale(int multiplier, int shift) {

  /// @param count elements that a mean is of
  public static MeanRescale of(FixedPoint quotient, int count) {
    int bits = 31 - Integer.numberOfLeadingZeros(count);
    int room = Math.min(bits, 31 + quotient.shift());
    return new MeanRescale(
        (int) (((long) quotient.multiplier() << room) / count), quotient.shift() - room);
  }

  public int times(int x) {
    return FixedPoint.times(x, multiplier, shift);
  }
}
