package dev.halftone.engine.integer;

import dev.halftone.integer.Clamp;
import dev.halftone.integer.IntegerOp;
import dev.halftone.integer.IntegerTensor;
import dev.halftone.integer.Integers;
import dev.halftone.tensor.Shape;

/// BATCH_MATMUL: the product of two tensors of matrices.
final class BatchMatMul {

  private BatchMatMul() {}

  /// @param first [...][m][k]
  /// @param second [...][k][n]
  /// @param result [...][m][n]
  static void run(IntegerOp.MatMul op, Integers first, Integers second, Integers result) {
    byte[] a = first.bytes();
    byte[] b = second.bytes();
    byte[] y = result.bytes();
    IntegerTensor out = result.tensor();
    int m = out.dim(-2);
    int n = out.dim(-1);
    int k = first.tensor().dim(-1);
    Shape matrices = out.shape().withoutLast(2);
    int[] firsts = StridedWalk.positions(first.tensor().shape().withoutLast(2), matrices);
    int[] seconds = StridedWalk.positions(second.tensor().shape().withoutLast(2), matrices);
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
