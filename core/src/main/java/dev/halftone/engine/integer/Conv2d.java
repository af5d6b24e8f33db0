package dev.halftone.engine.integer;

import dev.halftone.integer.IntegerOp;
import dev.halftone.integer.IntegerTensor;
import dev.halftone.integer.Weights;
import dev.halftone.integer.Window;
import java.util.Arrays;

/// CONV_2D: gathers what the kernel covers, padding as the zero point, and multiplies it with the weights of every output channel.
final class Conv2d {

  private Conv2d() {}

  /// @param x [height][width][inC]
  /// @param y [height][width][outC]
  static void run(IntegerOp.Conv op, IntegerTensor in, byte[] x, IntegerTensor out, byte[] y) {
    int depth = in.dim(3) / op.groups();
    int perGroup = out.dim(3) / op.groups();
    int row = op.window().taps() * depth;
    Weights weights = op.weights();
    int[] bias = centredBias(weights, row, in.zeroPoint());
    Patches patches = new Patches(op.window(), in, x);
    byte[] patch = new byte[row]; // [taps][depth]
    int at = 0;
    for (int oy = 0; oy < out.dim(1); oy++) {
      for (int ox = 0; ox < out.dim(2); ox++) {
        for (int g = 0; g < op.groups(); g++) {
          patches.gather(oy, ox, g * depth, patch);
          for (int o = g * perGroup; o < (g + 1) * perGroup; o++) {
            int sum = bias[o] + dot(patch, weights.values(), o * row, row);
            y[at++] = op.clamp().of(out.zeroPoint() + weights.rescale().get(o).times(sum));
          }
        }
      }
    }
  }

  /// The bias that makes up for activations that are not taken relative to their zero point.
  static int[] centredBias(Weights weights, int row, int zeroPoint) {
    int[] centred = weights.bias().clone();
    for (int o = 0; o < centred.length; o++) {
      for (int i = 0; i < row; i++) {
        centred[o] -= zeroPoint * weights.values()[o * row + i];
      }
    }
    return centred;
  }

  static int dot(byte[] a, byte[] b, int from, int count) {
    int sum = 0;
    for (int i = 0; i < count; i++) {
      sum += a[i] * b[from + i];
    }
    return sum;
  }

  /// What a kernel covers of an image.
  ///
  /// @param x [height][width][inC]
  record Patches(Window window, IntegerTensor in, byte[] x) {

    /// At a place of the output, from this channel on.
    ///
    /// @param patch [taps][depth]
    void gather(int oy, int ox, int channel, byte[] patch) {
      int depth = patch.length / window.taps();
      int height = in.dim(1);
      int width = in.dim(2);
      int channels = in.dim(3);
      int left = ox * window.strideX() - window.left();
      int columns = window.width();
      int run = depth;
      boolean inside = left >= 0 && left + columns <= width;
      if (inside
          && window.dilationX() == 1
          && depth == channels) { // the taps of a row lie side by side
        run *= columns;
        columns = 1;
      }
      int at = 0;
      for (int ky = 0; ky < window.height(); ky++) {
        int iy = oy * window.strideY() - window.top() + ky * window.dilationY();
        for (int kx = 0; kx < columns; kx++) {
          int ix = left + kx * window.dilationX();
          if (iy < 0 || iy >= height || ix < 0 || ix >= width) {
            Arrays.fill(patch, at, at + run, (byte) in.zeroPoint());
          } else {
            System.arraycopy(x, (iy * width + ix) * channels + channel, patch, at, run);
          }
          at += run;
        }
      }
    }
  }
}
