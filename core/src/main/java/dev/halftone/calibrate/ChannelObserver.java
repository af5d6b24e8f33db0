package dev.halftone.calibrate;

import dev.halftone.scheme.ChannelValues;
import dev.halftone.scheme.Channels;
import dev.halftone.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/// Gathers what the channels of one tensor hold, over samples in any order; not safe for use by several threads at once.
final class ChannelObserver {

  private final int axis;

  /// None before the first sample, and none for good where samples differ in the number of channels.
  private final List<ChannelValues.Tally> channels = new ArrayList<>();

  private boolean isFirst = true;

  /// @param axis counted from the front
  ChannelObserver(int axis) {
    this.axis = axis;
  }

  /// Takes the tensor of one sample, all of it finite.
  void observe(Tensor tensor) {
    int count = count(tensor);
    if (isFirst) {
      isFirst = false;
      for (int c = 0; c < count; c++) {
        channels.add(new ChannelValues.Tally());
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
      channels.get(c).add(sums[c] / each, squares[c] / each);
    }
  }

  ChannelStatistics statistics() {
    return new ChannelStatistics(axis, channels.stream().map(ChannelValues.Tally::values).toList());
  }
}
