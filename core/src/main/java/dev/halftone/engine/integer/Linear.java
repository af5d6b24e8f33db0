package dev.halftone.engine.integer;

import dev.halftone.integer.IntegerOp;
import dev.halftone.integer.IntegerTensor;
import dev.halftone.integer.Weights;
import java.util.Arrays;

/// FULLY_CONNECTED.
final class Linear implements Kernel {

  private final IntegerOp.FullyConnected op;
  private final IntegerTensor in;
  private final IntegerTensor out;
  private final int[] bias; // for activations that are not taken relative to their zero point

  Linear(IntegerOp.FullyConnected op, IntegerTensor in, IntegerTensor out) {
    this.op = op;
    this.in = in;
    this.out = out;
    this.bias = Conv2d.centredBias(op.weights(), in.dim(-1), in.zeroPoint());
  }

  /// @param x [rows][in]
  /// @param y [rows][out]
  @Override
  public void run(byte[] x, byte[] y) {
    int inputs = in.dim(-1);
    int outputs = out.dim(-1);
    Weights weights = op.weights();
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
