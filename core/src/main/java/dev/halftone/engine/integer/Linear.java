package dev.halftone.engine.integer;

import dev.halftone.integer.IntegerOp;
import dev.halftone.integer.IntegerTensor;
import dev.halftone.integer.Weights;
import java.util.Arrays;

/// FULLY_CONNECTED.
final class Linear {

  private Linear() {}

  /// @param x [rows][in]
  /// @param y [rows][out]
  static void run(
      IntegerOp.FullyConnected op, IntegerTensor in, byte[] x, IntegerTensor out, byte[] y) {
    int inputs = in.dim(-1);
    int outputs = out.dim(-1);
    Weights weights = op.weights();
    int[] bias = Conv2d.centredBias(weights, inputs, in.zeroPoint());
    for (int row = 0; row < x.length / inputs; row++) {
      byte[] from = Arrays.copyOfRange(x, row * inputs, (row + 1) * inputs);
      for (int o = 0; o < outputs; o++) {
        int sum = bias[o] + Conv2d.dot(from, weights.values(), o * inputs, inputs);
        int scaled = weights.rescale().get(o).times(sum);
        y[row * outputs + o] = op.clamp().of(out.zeroPoint() + scaled);
      }
    }
  }
}
