package dev.halftone.plan.rounding;

import dev.halftone.scheme.Channels;
import dev.halftone.scheme.Range;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Sums over the elements of each channel: count, values, squares, and how many lie strictly between the bounds of a clamp.
///
/// @param count elements of a channel
/// @param sum [channels]
/// @param squares [channels]
/// @param live [channels]
record ChannelMoments(long count, double[] sum, double[] squares, long[] live) {

  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /// @param axis the channels' axis of the tensor
  static ChannelMoments of(Tensor tensor, int axis, Range bounds) {
    Shape shape = tensor.shape();
    Channels channels = Channels.of(shape, axis);
    int n = channels.count();
    int inner = channels.inner();
    int total = Math.toIntExact(tensor.count());
    double[] sum = new double[n];
    double[] squares = new double[n];
    long[] live = new long[n];
    float[] row = new float[inner];
    MemorySegment data = tensor.data();
    for (int at = 0, channel = 0;
        at < total;
        at += inner, channel = channel + 1 == n ? 0 : channel + 1) {
      MemorySegment.copy(data, FLOAT, at * 4L, row, 0, inner);
      double rowSum = 0;
      double rowSquares = 0;
      int between = 0;
      for (float value : row) {
        rowSum += value;
        rowSquares += (double) value * value;
        between += value > bounds.low() && value < bounds.high() ? 1 : 0;
      }
      sum[channel] += rowSum;
      squares[channel] += rowSquares;
      live[channel] += between;
    }
    return new ChannelMoments(n == 0 ? 0 : total / n, sum, squares, live);
  }

  /// Both together. Floating point: callers add samples in a fixed order.
  ChannelMoments plus(ChannelMoments other) {
    double[] sums = sum.clone();
    double[] squared = squares.clone();
    long[] alive = live.clone();
    for (int c = 0; c < sums.length; c++) {
      sums[c] += other.sum[c];
      squared[c] += other.squares[c];
      alive[c] += other.live[c];
    }
    return new ChannelMoments(count + other.count, sums, squared, alive);
  }

  double mean(int channel) {
    return sum[channel] / count;
  }

  double deviation(int channel) {
    double mean = mean(channel);
    return Math.sqrt(Math.max(0, squares[channel] / count - mean * mean));
  }

  double liveShare(int channel) {
    return (double) live[channel] / count;
  }
}
