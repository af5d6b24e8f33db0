package dev.halftone.engine.integer;

import dev.halftone.integer.IntegerOp;
import dev.halftone.integer.IntegerTensor;
import dev.halftone.integer.Weights;
import dev.halftone.integer.Window;

/// DEPTHWISE_CONV_2D.
final class DepthwiseConv2d {

  private DepthwiseConv2d() {}

  /// @param x [height][width][inC]
  /// @param y [height][width][outC]
  static void run(
      IntegerOp.DepthwiseConv op, IntegerTensor in, byte[] x, IntegerTensor out, byte[] y) {
    int inC = in.dim(3);
    int outC = out.dim(3);
    Window window = op.window();
    Weights weights = op.weights();
    int[] sums = new int[outC];
    int at = 0;
    for (int oy = 0; oy < out.dim(1); oy++) {
      for (int ox = 0; ox < out.dim(2); ox++) {
        System.arraycopy(weights.bias(), 0, sums, 0, outC);
        for (int ky = 0; ky < window.height(); ky++) {
          int iy = oy * window.strideY() - window.top() + ky * window.dilationY();
          for (int kx = 0; kx < window.width(); kx++) {
            int ix = ox * window.strideX() - window.left() + kx * window.dilationX();
            if (iy >= 0 && iy < in.dim(1) && ix >= 0 && ix < in.dim(2)) {
              int tap = (ky * window.width() + kx) * outC;
              add(sums, x, (iy * in.dim(2) + ix) * inC, in, weights.values(), tap);
            }
          }
        }
        for (int c = 0; c < outC; c++) {
          int scaled = weights.rescale().get(c).times(sums[c]);
          y[at++] = op.clamp().of(out.zeroPoint() + scaled);
        }
      }
    }
  }

  private static void add(int[] sums, byte[] x, int pixel, IntegerTensor in, byte[] w, int tap) {
    int zeroPoint = in.zeroPoint();
    int multiplier = sums.length / in.dim(3); // output channels for each input channel
    if (multiplier == 1) {
      for (int c = 0; c < sums.length; c++) {
        sums[c] += (x[pixel + c] - zeroPoint) * w[tap + c];
      }
    } else {
      for (int c = 0; c < sums.length; c++) {
        sums[c] += (x[pixel + c / multiplier] - zeroPoint) * w[tap + c];
      }
    }
  }
}
