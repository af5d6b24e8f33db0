package dev.halftone.engine.integer;

import dev.halftone.integer.Clamp;
import dev.halftone.integer.IntegerOp;
import dev.halftone.integer.IntegerTensor;
import dev.halftone.tensor.Shape;

/// BATCH_MATMUL: the product of two tensors of matrices.
final class BatchMatMul {

  private BatchMatMul() {}

  /// @param a [...][m][k]
  /// @param b [...][k][n]
  /// @param y [...][m][n]
  static void run(
      IntegerOp.MatMul op,
      IntegerTensor first,
      byte[] a,
      IntegerTensor second,
      byte[] b,
      IntegerTensor out,
      byte[] y) {
    int m = out.dim(-2);
    int n = out.dim(-1);
    int k = first.dim(-1);
    Shape matrices = out.shape().withoutLast(2);
    int[] firsts = Walk.positions(first.shape().withoutLast(2), matrices);
    int[] seconds = Walk.positions(second.shape().withoutLast(2), matrices);
    for (int at = 0; at < firsts.length; at++) {
      int left = firsts[at] * m * k;
      int right = seconds[at] * k * n;
      for (int i = 0; i < m * n; i++) {
        int sum = 0;
        for (int j = 0; j < k; j++) {
          sum +=
              (a[left + i / n * k + j] - first.zeroPoint())
                  * (b[right + j * n + i % n] - second.zeroPoint());
        }
        y[at * m * n + i] = Clamp.NONE.of(out.zeroPoint() + op.rescale().times(sum));
      }
    }
  }
}
