package dev.halftone.engine.integer;

import dev.halftone.integer.Clamp;
import dev.halftone.integer.IntegerOp;
import dev.halftone.integer.IntegerTensor;

/// ADD, SUB, MUL, PRELU, QUANTIZE and tables.
final class Elementwise {

  private Elementwise() {}

  static void sum(
      IntegerOp.Sum op,
      IntegerTensor first,
      byte[] a,
      IntegerTensor second,
      byte[] b,
      IntegerTensor out,
      byte[] y) {
    int[] from = Walk.positions(first.shape(), out.shape());
    int[] other = Walk.positions(second.shape(), out.shape());
    for (int i = 0; i < y.length; i++) {
      int left = (a[from[i]] - first.zeroPoint()) << IntegerOp.Sum.LEFT_SHIFT;
      int right = (b[other[i]] - second.zeroPoint()) << IntegerOp.Sum.LEFT_SHIFT;
      int sum = op.left().times(left) + op.sign() * op.right().times(right);
      y[i] = op.clamp().of(out.zeroPoint() + op.sum().times(sum));
    }
  }

  static void mul(
      IntegerOp.Mul op,
      IntegerTensor first,
      byte[] a,
      IntegerTensor second,
      byte[] b,
      IntegerTensor out,
      byte[] y) {
    int[] from = Walk.positions(first.shape(), out.shape());
    int[] other = Walk.positions(second.shape(), out.shape());
    for (int i = 0; i < y.length; i++) {
      int product = (a[from[i]] - first.zeroPoint()) * (b[other[i]] - second.zeroPoint());
      y[i] = op.clamp().of(out.zeroPoint() + op.rescale().times(product));
    }
  }

  static void prelu(
      IntegerOp.PRelu op,
      IntegerTensor in,
      byte[] x,
      IntegerTensor slope,
      byte[] s,
      IntegerTensor out,
      byte[] y) {
    int[] other = Walk.positions(slope.shape(), out.shape());
    for (int i = 0; i < y.length; i++) {
      int value = x[i] - in.zeroPoint();
      int scaled =
          value >= 0
              ? op.positive().times(value)
              : op.negative().times(value * (s[other[i]] - slope.zeroPoint()));
      y[i] = Clamp.NONE.of(out.zeroPoint() + scaled);
    }
  }

  static void rescale(
      IntegerOp.Rescale op, IntegerTensor in, byte[] x, IntegerTensor out, byte[] y) {
    for (int i = 0; i < y.length; i++) {
      y[i] = op.clamp().of(out.zeroPoint() + op.rescale().times(x[i] - in.zeroPoint()));
    }
  }

  static void lookup(IntegerOp.Lookup op, byte[] x, byte[] y) {
    for (int i = 0; i < y.length; i++) {
      y[i] = op.table()[x[i] + 128];
    }
  }
}
