package dev.halftone.calibrate;

import dev.halftone.scheme.Channels;
import dev.halftone.tensor.ExactSum;
import dev.halftone.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/// Gathers what the channels of one tensor hold, over samples in any order; not safe for use by several threads at once.
final class ChannelObserver {

  private final int axis;

  /// None before the first sample, and none for good where samples differ in the number of channels.
  private final List<Sums> channels = new ArrayList<>();

  private boolean isFirst = true;

  /// @param axis counted from the front
  ChannelObserver(int axis) {
    this.axis = axis;
  }

  /// What one channel held so far.
  private static final class Sums {

    private float low = Float.POSITIVE_INFINITY;
    private float high = Float.NEGATIVE_INFINITY;
    private final ExactSum means = new ExactSum();
    private final ExactSum squares = new ExactSum();

    void reach(float least, float most) {
      low = Math.min(low, least);
      high = Math.max(high, most);
    }
  }

  /// Takes the tensor of one sample, all of it finite.
  void observe(Tensor tensor) {
    int count = count(tensor);
    if (isFirst) {
      isFirst = false;
      for (int c = 0; c < count; c++) {
        channels.add(new Sums());
      }
    } else if (count != channels.size()) {
      channels.clear();
    }
    if (!channels.isEmpty()) {
      add(tensor);
    }
  }

  private int count(Tensor tensor) {
    long count = axis < tensor.shape().rank() ? tensor.shape().dim(axis) : 0;
    return count < 2 || count > ChannelStatistics.MOST ? 0 : (int) count;
  }

  private void add(Tensor tensor) {
    int count = channels.size();
    double[] sums = new double[count];
    double[] squares = new double[count];
    Channels.of(tensor.shape(), axis)
        .forEachRow(
            tensor,
            (row, c) -> {
              float low = row[0];
              float high = row[0];
              double sum = 0;
              double square = 0;
              for (float value : row) {
                low = value < low ? value : low;
                high = value > high ? value : high;
                sum += value;
                square += (double) value * value;
              }
              sums[c] += sum;
              squares[c] += square;
              channels.get(c).reach(low, high);
            });
    double each = (double) tensor.count() / count;
    for (int c = 0; c < count; c++) {
      channels.get(c).means.add((float) (sums[c] / each));
      channels.get(c).squares.add((float) Math.min(squares[c] / each, Float.MAX_VALUE));
    }
  }

  ChannelStatistics statistics() {
    return new ChannelStatistics(
        axis,
        channels.stream()
            .map(channel ->
                new ChannelStatistics.Channel(
                    channel.low, channel.high, channel.means.units(), channel.squares.units()))
            .toList());
  }
}
