package dev.halftone.engine.integer;

import dev.halftone.integer.Clamp;
import dev.halftone.integer.IntegerOp;
import dev.halftone.integer.IntegerTensor;
import dev.halftone.integer.Integers;
import dev.halftone.integer.Weights;
import dev.halftone.integer.Window;

/// CONV_2D, DEPTHWISE_CONV_2D and FULLY_CONNECTED on int16: weights are int8, sums have 64 bits and are rounded once. So many products that
/// fit 32 bits are added in those, in a loop that the JVM vectorizes.
///
/// @param weights [outC][taps][inC / groups]
record WideConv2d(
    IntegerTensor in, IntegerTensor out, Window window, int groups, Weights weights, Clamp clamp)
    implements Kernel {

  /// Products of int16 and int8 whose sum fits 32 bits.
  private static final int TOGETHER = 256;

  static WideConv2d of(IntegerOp.Conv op, IntegerTensor in, IntegerTensor out) {
    return new WideConv2d(in, out, op.window(), op.groups(), op.weights(), op.clamp());
  }

  static WideConv2d of(IntegerOp.DepthwiseConv op, IntegerTensor in, IntegerTensor out) {
    return new WideConv2d(in, out, op.window(), in.dim(3), op.weights().outputsFirst(), op.clamp());
  }

  static WideConv2d of(IntegerOp.FullyConnected op, IntegerTensor in, IntegerTensor out) {
    return new WideConv2d(in.rows(), out.rows(), Window.ONE, 1, op.weights(), op.clamp());
  }

  /// @param x [height][width][inC]
  /// @param y [height][width][outC]
  @Override
  public void run(byte[] x, byte[] y) {
    int[] from = new Integers(in, x).toInts();
    Integers to = new Integers(out, y);
    int outC = out.dim(3);
    for (int i = 0; i < to.count(); i++) {
      int o = i % outC;
      long sum = weights.bias()[o] + sum(from, i / outC / out.dim(2), i / outC % out.dim(2), o);
      to.set(i, clamp.within(weights.rescale().get(o).timesLong(sum)));
    }
  }

  private long sum(int[] x, int oy, int ox, int o) {
    int depth = in.dim(3) / groups;
    int channel = o / (out.dim(3) / groups) * depth;
    long sum = 0;
    for (int ky = 0; ky < window.height(); ky++) {
      int iy = oy * window.strideY() - window.top() + ky * window.dilationY();
      for (int kx = 0; kx < window.width(); kx++) {
        int ix = ox * window.strideX() - window.left() + kx * window.dilationX();
        if (iy >= 0 && iy < in.dim(1) && ix >= 0 && ix < in.dim(2)) {
          int pixel = (iy * in.dim(2) + ix) * in.dim(3) + channel;
          int tap = ((o * window.height() + ky) * window.width() + kx) * depth;
          for (int c = 0; c < depth; c += TOGETHER) {
            sum += dot(x, pixel + c, tap + c, Math.min(TOGETHER, depth - c));
          }
        }
      }
    }
    return sum;
  }

  private int dot(int[] x, int pixel, int tap, int count) {
    byte[] values = weights.values();
    int sum = 0;
    for (int c = 0; c < count; c++) {
      sum += x[pixel + c] * values[tap + c];
    }
    return sum;
  }
}
