package dev.halftone.engine.integer;

import dev.halftone.integer.Clamp;
import dev.halftone.integer.IntegerOp;
import dev.halftone.integer.Integers;
import dev.halftone.integer.SumRescale;

/// ADD, SUB, MUL, PRELU, QUANTIZE and tables.
final class ElementwiseKernels {

  private ElementwiseKernels() {}

  static void sum(IntegerOp.Sum op, Integers a, Integers b, Integers y) {
    int[] from = positions(a, y);
    int[] other = positions(b, y);
    int shift = IntegerOp.Sum.leftShift(y.tensor().grid().type());
    SumRescale rescale = op.rescale();
    for (int i = 0; i < from.length; i++) {
      int left = (a.get(from[i]) - a.zeroPoint()) << shift;
      int right = (b.get(other[i]) - b.zeroPoint()) << shift;
      int sum = rescale.left().times(left) + op.sign() * rescale.right().times(right);
      y.set(i, op.clamp().within(y.zeroPoint() + rescale.sum().times(sum)));
    }
  }

  static void mul(IntegerOp.Mul op, Integers a, Integers b, Integers y) {
    int[] from = positions(a, y);
    int[] other = positions(b, y);
    for (int i = 0; i < from.length; i++) {
      int product = (a.get(from[i]) - a.zeroPoint()) * (b.get(other[i]) - b.zeroPoint());
      y.set(i, op.clamp().within(y.zeroPoint() + op.rescale().times(product)));
    }
  }

  static void prelu(IntegerOp.PRelu op, Integers x, Integers slope, Integers y) {
    int[] other = positions(slope, y);
    for (int i = 0; i < other.length; i++) {
      int value = x.get(i) - x.zeroPoint();
      int scaled =
          value >= 0
              ? op.positive().times(value)
              : op.negative().times(value * (slope.get(other[i]) - slope.zeroPoint()));
      y.set(i, Clamp.NONE.within(y.zeroPoint() + scaled));
    }
  }

  /// For each element of a result the element of an operand that belongs to it.
  private static int[] positions(Integers operand, Integers result) {
    return StridedWalk.positions(operand.tensor().shape(), result.tensor().shape());
  }

  static void rescale(IntegerOp.Rescale op, Integers x, Integers y) {
    for (int i = 0; i < x.count(); i++) {
      int scaled = op.rescale().times(x.get(i) - x.zeroPoint());
      y.set(i, op.clamp().within(y.zeroPoint() + scaled));
    }
  }

  static void lookup(IntegerOp.Lookup op, byte[] x, byte[] y) {
    for (int i = 0; i < y.length; i++) {
      y[i] = op.table()[x[i] + 128];
    }
  }
}
