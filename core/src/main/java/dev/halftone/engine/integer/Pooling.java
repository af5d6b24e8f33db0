package dev.halftone.engine.integer;

import dev.halftone.integer.IntegerOp;
import dev.halftone.integer.IntegerTensor;
import dev.halftone.integer.Window;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;

/// MAX_POOL_2D, AVERAGE_POOL_2D and MEAN over rows and columns, and ARG_MAX along an axis. What lies outside of the input does not count.
final class Pooling {

  private Pooling() {}

  static void max(IntegerOp.MaxPool op, IntegerTensor in, byte[] x, IntegerTensor out, byte[] y) {
    int channels = in.dim(3);
    Window window = op.window();
    int at = 0;
    for (int oy = 0; oy < out.dim(1); oy++) {
      for (int ox = 0; ox < out.dim(2); ox++) {
        for (int c = 0; c < channels; c++) {
          int max = -128;
          for (int ky = 0; ky < window.height(); ky++) {
            int iy = oy * window.strideY() - window.top() + ky * window.dilationY();
            for (int kx = 0; kx < window.width(); kx++) {
              int ix = ox * window.strideX() - window.left() + kx * window.dilationX();
              if (iy >= 0 && iy < in.dim(1) && ix >= 0 && ix < in.dim(2)) {
                max = Math.max(max, x[(iy * in.dim(2) + ix) * channels + c]);
              }
            }
          }
          y[at++] = (byte) max;
        }
      }
    }
  }

  /// @param x [outer][extent][inner]
  /// @param y [outer][inner], int32
  static void argMax(IntegerOp.ArgMax op, IntegerTensor in, byte[] x, byte[] y) {
    int extent = in.dim(op.axis());
    int inner = in.shape().strides()[op.axis()];
    IntBuffer positions = ByteBuffer.wrap(y).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer();
    for (int i = 0; i < positions.capacity(); i++) {
      int from = i / inner * extent * inner + i % inner;
      int best = 0;
      for (int k = 1; k < extent; k++) {
        best = x[from + k * inner] > x[from + best * inner] ? k : best;
      }
      positions.put(i, best);
    }
  }

  static void average(
      IntegerOp.AveragePool op, IntegerTensor in, byte[] x, IntegerTensor out, byte[] y) {
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
                sum += x[(iy * in.dim(2) + ix) * channels + c];
                count++;
              }
            }
          }
          y[at++] = (byte) (sum > 0 ? (sum + count / 2) / count : (sum - count / 2) / count);
        }
      }
    }
  }

  static void mean(IntegerOp.Mean op, IntegerTensor in, byte[] x, IntegerTensor out, byte[] y) {
    int channels = in.dim(3);
    int count = in.dim(1) * in.dim(2);
    for (int c = 0; c < channels; c++) {
      int sum = -count * in.zeroPoint();
      for (int i = 0; i < count; i++) {
        sum += x[i * channels + c];
      }
      int scaled = out.zeroPoint() + op.multiplier().times(sum);
      y[c] = (byte) Math.max(-128, Math.min(127, scaled));
    }
  }
}
