package dev.halftone.equalize;

import dev.halftone.scheme.Channels;
import dev.halftone.tensor.ExactSum;
import dev.halftone.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Gathers a [ChannelRange] over samples in any order, from any thread.
final class ChannelRangeObserver {

  private final int axis;
  private final float[] low;
  private final float[] high;
  private final ExactSum[] squares;
  private long samples;

  /// @param axis counted from the back
  ChannelRangeObserver(int axis, int channels) {
    this.axis = axis;
    this.low = new float[channels];
    this.high = new float[channels];
    this.squares = new ExactSum[channels];
    Arrays.setAll(squares, _ -> new ExactSum());
  }

  /// Takes the tensor of one sample.
  void observe(Tensor tensor) {
    float[] lows = new float[low.length];
    float[] highs = new float[high.length];
    double[] sums = new double[high.length];
    int rank = tensor.shape().rank();
    if (rank < -axis || tensor.shape().dim(axis) != low.length) {
      throw new IllegalStateException("a tensor of " + low.length + " channels came as " + tensor);
    }
    Channels.of(tensor.shape(), rank + axis)
        .forEachRow(
            tensor,
            (row, channel) -> {
              float least = lows[channel];
              float most = highs[channel];
              double sum = 0;
              for (float value : row) {
                least = Math.min(least, value);
                most = Math.max(most, value);
                sum += (double) value * value;
              }
              lows[channel] = least;
              highs[channel] = most;
              sums[channel] += sum;
            });
    double each = (double) tensor.count() / sums.length;
    add(lows, highs, Arrays.stream(sums).map(sum -> sum / each).toArray());
  }

  private synchronized void add(float[] lows, float[] highs, double[] powers) {
    for (int c = 0; c < low.length; c++) {
      low[c] = Math.min(low[c], lows[c]);
      high[c] = Math.max(high[c], highs[c]);
      // what is not finite is refused by whoever observes the tensor
      squares[c].add(powers[c] < Float.MAX_VALUE ? (float) powers[c] : Float.MAX_VALUE);
    }
    samples++;
  }

  synchronized ChannelRange range() {
    List<ChannelRange.Channel> channels = new ArrayList<>();
    for (int c = 0; c < low.length; c++) {
      channels.add(new ChannelRange.Channel(low[c], high[c], squares[c].units()));
    }
    return new ChannelRange(samples, channels);
  }
}
