package dev.halftone.plan.rounding;

import dev.halftone.scheme.Channels;
import dev.halftone.scheme.Range;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;

/// Sums over the elements of each channel: count, values, squares, and how many lie strictly between the bounds of a clamp.
///
/// Of a large channel only elements evenly spread are taken, the same of every tensor of that shape: the means that are compared are
/// means over the same places.
///
/// @param count elements of a channel that were taken
/// @param sum [channels]
/// @param squares [channels]
/// @param live [channels]
record ChannelMoments(long count, double[] sum, double[] squares, long[] live) {

  private static final int TAKEN = 1024;

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
    int stride = Math.ceilDiv(inner, TAKEN) | 1; // odd: no power-of-two row length has it in step
    float[] taken = new float[Math.ceilDiv(inner, stride)];
    channels.forEachRow(
        tensor,
        (row, channel) -> {
          for (int i = 0; i < taken.length; i++) {
            taken[i] = row[i * stride];
          }
          sum[channel] += sum(taken);
          squares[channel] += squares(taken);
          live[channel] += between(taken, bounds);
        });
    return new ChannelMoments(
        inner == 0 ? 0 : (long) total / n / inner * taken.length, sum, squares, live);
  }

  /// Four sums side by side: the adder starts the next before the last has ended, and the order stays fixed.
  private static double sum(float[] row) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int i = 0;
    for (; i + 3 < row.length; i += 4) {
      a += row[i];
      b += row[i + 1];
      c += row[i + 2];
      d += row[i + 3];
    }
    for (; i < row.length; i++) {
      a += row[i];
    }
    return (a + b) + (c + d);
  }

  private static double squares(float[] row) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int i = 0;
    for (; i + 3 < row.length; i += 4) {
      a += (double) row[i] * row[i];
      b += (double) row[i + 1] * row[i + 1];
      c += (double) row[i + 2] * row[i + 2];
      d += (double) row[i + 3] * row[i + 3];
    }
    for (; i < row.length; i++) {
      a += (double) row[i] * row[i];
    }
    return (a + b) + (c + d);
  }

  private static int between(float[] row, Range bounds) {
    if (bounds.low() == -Float.MAX_VALUE && bounds.high() == Float.MAX_VALUE) {
      return row.length;
    }
    float low = bounds.low();
    float high = bounds.high();
    int between = 0;
    for (float value : row) {
      // the sign bits of low - value and value - high: both set between the bounds, and no branch
      // to mispredict
      between +=
          (Float.floatToRawIntBits(low - value) & Float.floatToRawIntBits(value - high)) >>> 31;
    }
    return between;
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
