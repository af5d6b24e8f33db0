package dev.halftone.engine.integer;

import dev.halftone.integer.IntegerOp;
import dev.halftone.integer.IntegerTensor;
import dev.halftone.scheme.FixedPoint;

/// SOFTMAX with the exponential and the reciprocal of gemmlowp (fixedpoint.h), bit for bit as TFLite's reference kernel.
///
/// `Qm.n` is an int32 with n bits below the point.
final class Softmax {

  private static final int ONE = Integer.MAX_VALUE; // in Q0.31, as near as it gets

  /// exp(-2^(i - 2)) in Q0.31
  private static final int[] POWERS = {
    1672461947, 1302514674, 790015084, 290630308, 39332535, 720401, 242
  };

  private Softmax() {}

  /// @param x [rows][columns]
  /// @param y [rows][columns]
  static void run(IntegerOp.Softmax op, IntegerTensor in, byte[] x, byte[] y) {
    int columns = in.dim(-1);
    int least = op.leastDifference();
    for (int from = 0; from < x.length; from += columns) {
      int max = -128;
      for (int i = from; i < from + columns; i++) {
        max = Math.max(max, x[i]);
      }
      int sum = 0; // Q12.19
      for (int i = from; i < from + columns; i++) {
        if (x[i] - max >= least) {
          sum += FixedPoint.roundingShift(exponential(op, x[i] - max), 12);
        }
      }
      int headroom = Integer.numberOfLeadingZeros(sum);
      int reciprocal = reciprocal((sum << headroom) - (1 << 31));
      int over = 12 - headroom + 31 - 8; // bits that the sum is over 1, and those that int8 has not
      for (int i = from; i < from + columns; i++) {
        int share = 0;
        if (x[i] - max >= least) {
          int product = FixedPoint.doublingHighMul(reciprocal, exponential(op, x[i] - max));
          share = FixedPoint.roundingShift(product, over);
        }
        y[i] = (byte) Math.min(127, share - 128);
      }
    }
  }

  private static int exponential(IntegerOp.Softmax op, int difference) {
    return exp(
        FixedPoint.doublingHighMul(difference << op.scale().shift(), op.scale().multiplier()));
  }

  /// `e^a` in Q0.31.
  ///
  /// @param a in Q5.26, not positive
  static int exp(int a) {
    if (a == 0) {
      return ONE;
    }
    int quarter = 1 << 24;
    int rest = (a & (quarter - 1)) - quarter; // in [-1/4, 0)
    int result = nearZero(rest << 5);
    int remainder = rest - a;
    for (int i = 0; i < POWERS.length; i++) {
      if ((remainder & (1 << (24 + i))) != 0) {
        result = FixedPoint.doublingHighMul(result, POWERS[i]);
      }
    }
    return result;
  }

  /// `e^a` by the Taylor series around -1/8; both in Q0.31.
  ///
  /// @param a in [-1/4, 0)
  private static int nearZero(int a) {
    int atMiddle = 1895147668; // exp(-1/8)
    int third = 715827883;
    int x = a + (1 << 28);
    int x2 = FixedPoint.doublingHighMul(x, x);
    int x3 = FixedPoint.doublingHighMul(x2, x);
    int x4 = FixedPoint.doublingHighMul(x2, x2);
    int cubic = FixedPoint.doublingHighMul(FixedPoint.roundingShift(x4, 2) + x3, third);
    int higher = FixedPoint.roundingShift(cubic + x2, 1);
    return atMiddle + FixedPoint.doublingHighMul(atMiddle, x + higher);
  }

  /// `1 / (1 + a)` by three Newton-Raphson steps; both in Q0.31.
  ///
  /// @param a in [0, 1)
  static int reciprocal(int a) {
    int half = (int) (((long) a + ONE + 1) / 2);
    int x = 1515870810 + FixedPoint.doublingHighMul(half, -1010580540); // 48/17 - 32/17 half, Q2.29
    for (int i = 0; i < 3; i++) {
      int rest = (1 << 29) - FixedPoint.doublingHighMul(half, x);
      x += saturatingShift(FixedPoint.doublingHighMul(x, rest), 2);
    }
    return saturatingShift(x, 1);
  }

  private static int saturatingShift(int x, int left) {
    return (int) Math.clamp((long) x << left, Integer.MIN_VALUE, Integer.MAX_VALUE);
  }
}
