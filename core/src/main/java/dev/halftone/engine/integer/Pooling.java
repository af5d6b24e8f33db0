package dev.halftone.engine.integer;

import dev.halftone.integer.Clamp;
import dev.halftone.integer.IntegerOp;
import dev.halftone.integer.IntegerTensor;
import dev.halftone.integer.Integers;
import dev.halftone.integer.Window;

/// MAX_POOL_2D, AVERAGE_POOL_2D and MEAN over rows and columns, and ARG_MAX along an axis. What lies outside of the input does not count.
final class Pooling {

  private Pooling() {}

  static void max(IntegerOp.MaxPool op, Integers x, Integers y) {
    IntegerTensor in = x.tensor();
    IntegerTensor out = y.tensor();
    int channels = in.dim(3);
    Window window = op.window();
    int at = 0;
    for (int oy = 0; oy < out.dim(1); oy++) {
      for (int ox = 0; ox < out.dim(2); ox++) {
        for (int c = 0; c < channels; c++) {
          int max = in.grid().type().low();
          for (int ky = 0; ky < window.height(); ky++) {
            int iy = oy * window.strideY() - window.top() + ky * window.dilationY();
            for (int kx = 0; kx < window.width(); kx++) {
              int ix = ox * window.strideX() - window.left() + kx * window.dilationX();
              if (iy >= 0 && iy < in.dim(1) && ix >= 0 && ix < in.dim(2)) {
                max = Math.max(max, x.get((iy * in.dim(2) + ix) * channels + c));
              }
            }
          }
          y.set(at++, max);
        }
      }
    }
  }

  /// @param x [outer][extent][inner]
  /// @param y [outer][inner]
  static void argMax(IntegerOp.ArgMax op, Integers x, Integers y) {
    int extent = x.tensor().dim(op.axis());
    int inner = x.tensor().shape().strides()[op.axis()];
    for (int i = 0; i < y.count(); i++) {
      int from = i / inner * extent * inner + i % inner;
      int best = 0;
      for (int k = 1; k < extent; k++) {
        best = x.get(from + k * inner) > x.get(from + best * inner) ? k : best;
      }
      y.set(i, best);
    }
  }

  static void average(IntegerOp.AveragePool op, Integers x, Integers y) {
    IntegerTensor in = x.tensor();
    IntegerTensor out = y.tensor();
    int channels = in.dim(3);
    Window window = op.window();
    int at = 0;
    for (int oy = 0; oy < out.dim(1); oy++) {
      for (int ox = 0; ox < out.dim(2); ox++) {
        for (int c = 0; c < channels; c++) {
          int sum = 0;
          int count = 0;
          for (int ky = 0; ky < window.height(); ky++) {
            int iy = oy * window.strideY() - window.top() + ky * window.dilationY();
            for (int kx = 0; kx < window.width(); kx++) {
              int ix = ox * window.strideX() - window.left() + kx * window.dilationX();
              if (iy >= 0 && iy < in.dim(1) && ix >= 0 && ix < in.dim(2)) {
                sum += x.get((iy * in.dim(2) + ix) * channels + c);
                count++;
              }
            }
          }
          y.set(at++, sum > 0 ? (sum + count / 2) / count : (sum - count / 2) / count);
        }
      }
    }
  }

  static void mean(IntegerOp.Mean op, Integers x, Integers y) {
    IntegerTensor in = x.tensor();
    Clamp all = Clamp.all(in.grid().type());
    int channels = in.dim(3);
    int count = in.dim(1) * in.dim(2);
    for (int c = 0; c < channels; c++) {
      int sum = -count * in.zeroPoint();
      for (int i = 0; i < count; i++) {
        sum += x.get(i * channels + c);
      }
      y.set(c, all.within(y.zeroPoint() + op.multiplier().times(sum)));
    }
  }
}
