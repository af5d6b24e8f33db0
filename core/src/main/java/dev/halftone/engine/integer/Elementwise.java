package dev.halftone.engine.integer;

import dev.halftone.integer.IntegerOp;
import dev.halftone.integer.IntegerTensor;
import dev.halftone.tensor.Shape;

/// ADD, MUL, QUANTIZE and tables.
final class Elementwise {

  private Elementwise() {}

  static void add(
      IntegerOp.Add op,
      IntegerTensor first,
      byte[] a,
      IntegerTensor second,
      byte[] b,
      IntegerTensor out,
      byte[] y) {
    int[] from = positions(first.shape(), out.shape());
    int[] other = positions(second.shape(), out.shape());
    for (int i = 0; i < y.length; i++) {
      int left = (a[from[i]] - first.zeroPoint()) << IntegerOp.Add.LEFT_SHIFT;
      int right = (b[other[i]] - second.zeroPoint()) << IntegerOp.Add.LEFT_SHIFT;
      int sum = op.left().times(left) + op.right().times(right);
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
    int[] from = positions(first.shape(), out.shape());
    int[] other = positions(second.shape(), out.shape());
    for (int i = 0; i < y.length; i++) {
      int product = (a[from[i]] - first.zeroPoint()) * (b[other[i]] - second.zeroPoint());
      y[i] = op.clamp().of(out.zeroPoint() + op.rescale().times(product));
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

  /// For each element of the result the element of an operand that belongs to it; an extent of 1 is repeated.
  private static int[] positions(Shape operand, Shape result) {
    int[] positions = new int[Math.toIntExact(result.count())];
    Walk.over(result, operand.broadcastStrides(), (i, at) -> positions[i] = at);
    return positions;
  }
}
