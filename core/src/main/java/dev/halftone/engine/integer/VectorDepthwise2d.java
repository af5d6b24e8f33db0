package dev.halftone.engine.integer;

import static dev.halftone.engine.integer.VectorRescale.FLOATS;
import static dev.halftone.engine.integer.VectorRescale.LANES;

import dev.halftone.engine.Parallel;
import dev.halftone.integer.IntegerOp;
import dev.halftone.integer.IntegerTensor;
import dev.halftone.integer.Window;
import jdk.incubator.vector.FloatVector;

/// The twin of [DepthwiseConv2d] for as many output channels as input channels, in vectors of channels.
///
/// Rows of the input are turned into floats once, relative to the zero point and with their padding, and kept while a kernel reaches them.
/// Products are at most 255 * 127, so that the sums of 518 taps are exact in floats.
final class VectorDepthwise2d implements Kernel {

  static final int MOST_TAPS = 518;

  private final IntegerOp.DepthwiseConv op;
  private final IntegerTensor in;
  private final IntegerTensor out;
  private final int threads;
  private final int pitch; // channels, padded
  private final int width; // columns of a padded row
  private final float[] weights; // [taps][pitch]
  private final VectorRescale rescale;

  VectorDepthwise2d(IntegerOp.DepthwiseConv op, IntegerTensor in, IntegerTensor out, int threads) {
    this.op = op;
    this.in = in;
    this.out = out;
    this.threads = threads;
    int channels = in.dim(3);
    Window window = op.window();
    this.pitch = Math.ceilDiv(channels, LANES) * LANES;
    int reached = window.columns().span(out.dim(2));
    this.width = Math.max(reached, window.left() + in.dim(2));
    this.weights = new float[window.taps() * pitch];
    for (int tap = 0; tap < window.taps(); tap++) {
      for (int c = 0; c < channels; c++) {
        weights[tap * pitch + c] = op.weights().values()[tap * channels + c];
      }
    }
    this.rescale =
        new VectorRescale(op.weights(), op.weights().bias(), out.zeroPoint(), op.clamp());
  }

  @Override
  public void run(byte[] x, byte[] y) {
    int rows = out.dim(1);
    int workers = Math.min(threads, rows);
    Parallel.forEach(
        workers,
        workers,
        worker -> run(x, y, rows * worker / workers, rows * (worker + 1) / workers));
  }

  private void run(byte[] x, byte[] y, int from, int to) {
    Window window = op.window();
    float[][] ring = new float[window.rows().span()][width * pitch];
    int next = Integer.MIN_VALUE; // the first row that is not in the ring yet
    for (int oy = from; oy < to; oy++) {
      int top = oy * window.strideY() - window.top();
      for (int iy = Math.max(next, top); iy < top + window.rows().span(); iy++) {
        load(x, iy, ring[Math.floorMod(iy, ring.length)]);
      }
      next = top + window.rows().span();
      float[][] rows = new float[window.height()][];
      for (int ky = 0; ky < rows.length; ky++) {
        rows[ky] = ring[Math.floorMod(top + ky * window.dilationY(), ring.length)];
      }
      for (int ox = 0; ox < out.dim(2); ox++) {
        int pixel = oy * out.dim(2) + ox;
        boolean last = pixel == to * out.dim(2) - 1;
        pixel(rows, ox * window.strideX() * pitch, y, pixel * out.dim(3), last);
      }
    }
  }

  /// A row of the input as [width][pitch]; zeros outside of it.
  private void load(byte[] x, int iy, float[] row) {
    int channels = in.dim(3);
    java.util.Arrays.fill(row, 0);
    if (iy < 0 || iy >= in.dim(1)) {
      return;
    }
    float zeroPoint = in.zeroPoint();
    for (int ix = 0; ix < in.dim(2); ix++) {
      int from = (iy * in.dim(2) + ix) * channels;
      int to = (op.window().left() + ix) * pitch;
      int c = 0;
      for (; c + LANES <= channels; c += LANES) {
        VectorRescale.floats(x, from + c).sub(zeroPoint).intoArray(row, to + c);
      }
      for (; c < channels; c++) {
        row[to + c] = x[from + c] - zeroPoint;
      }
    }
  }

  /// @param last whether nothing may be written beyond its channels; elsewhere it is made later
  private void pixel(float[][] rows, int from, byte[] y, int at, boolean last) {
    int channels = out.dim(3);
    int step = op.window().dilationX() * pitch;
    int taps = op.window().width();
    for (int c = 0; c < channels; c += LANES) {
      FloatVector sum = FloatVector.zero(FLOATS);
      int w = c;
      for (float[] row : rows) {
        int x = from + c;
        for (int kx = 0; kx < taps; kx++) {
          FloatVector weight = FloatVector.fromArray(FLOATS, weights, w);
          sum = FloatVector.fromArray(FLOATS, row, x).fma(weight, sum);
          x += step;
          w += pitch;
        }
      }
      rescale.store(sum, c, last ? channels - c : LANES, y, at + c);
    }
  }
}
