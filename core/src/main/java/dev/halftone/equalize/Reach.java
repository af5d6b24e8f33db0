package dev.halftone.equalize;

import dev.halftone.scheme.Channels;
import dev.halftone.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// The lowest and the highest value of each channel of a tensor, over samples in any order, from any thread.
final class Reach {

  private final int axis;
  private final float[] low;
  private final float[] high;

  /// @param axis counted from the back
  Reach(int axis, int channels) {
    this.axis = axis;
    this.low = new float[channels];
    this.high = new float[channels];
  }

  /// Takes the tensor of one sample.
  void observe(Tensor tensor) {
    float[] lows = new float[low.length];
    float[] highs = new float[high.length];
    int rank = tensor.shape().rank();
    if (rank < -axis || tensor.shape().dim(axis) != low.length) {
      throw new IllegalStateException("a tensor of " + low.length + " channels came as " + tensor);
    }
    Channels channels = Channels.of(tensor.shape(), rank + axis);
    float[] row = new float[channels.inner()];
    long rows = tensor.count() / Math.max(1, row.length);
    for (long r = 0; r < rows; r++) {
      MemorySegment.copy(tensor.data(), Tensor.FLOAT_LE, r * row.length * 4, row, 0, row.length);
      int channel = (int) (r % lows.length);
      float least = lows[channel];
      float most = highs[channel];
      for (float value : row) {
        least = Math.min(least, value);
        most = Math.max(most, value);
      }
      lows[channel] = least;
      highs[channel] = most;
    }
    merge(lows, highs);
  }

  private synchronized void merge(float[] lows, float[] highs) {
    for (int c = 0; c < low.length; c++) {
      low[c] = Math.min(low[c], lows[c]);
      high[c] = Math.max(high[c], highs[c]);
    }
  }

  /// What is left where nothing below `floor` counts.
  ///
  /// @param floor negative
  Reach above(float floor) {
    Reach reach = new Reach(axis, low.length);
    for (int c = 0; c < low.length; c++) {
      reach.low[c] = Math.max(low[c], floor);
    }
    System.arraycopy(high, 0, reach.high, 0, high.length);
    return reach;
  }

  /// Never positive, for zero is always within reach.
  float low(int channel) {
    return low[channel];
  }

  /// Never negative.
  float high(int channel) {
    return high[channel];
  }

  float lowest() {
    float lowest = 0;
    for (float value : low) {
      lowest = Math.min(lowest, value);
    }
    return lowest;
  }

  /// The largest magnitude of each channel.
  double[] magnitudes() {
    double[] magnitudes = new double[low.length];
    Arrays.setAll(magnitudes, c -> Math.max(-low[c], high[c]));
    return magnitudes;
  }
}
