package dev.halftone.smooth;

import dev.halftone.scheme.ChannelValues;
import dev.halftone.tensor.ExactSum;
import dev.halftone.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// Gathers the statistics of the rows and channels of one tensor over samples, in any order, from any thread.
final class RowObserver {

  private static final int MOST = 1 << 15;

  private final List<ChannelValues.Tally> channels = new ArrayList<>();
  private final ExactSum rowSquares = new ExactSum();
  private final ExactSum inversePowers = new ExactSum();
  private final ExactSum peaks = new ExactSum();
  private boolean hasChannels = true;
  private long samples;

  /// Takes the tensor of one sample, all of it finite.
  synchronized void observe(Tensor tensor) {
    int rank = tensor.shape().rank();
    long width = rank == 0 ? 0 : tensor.shape().dim(rank - 1);
    if (tensor.count() == 0 || width > MOST) {
      return;
    }
    Rows rows = new Rows((int) width);
    int count = Math.toIntExact(tensor.count() / width);
    float[] row = new float[(int) width];
    for (int r = 0; r < count; r++) {
      MemorySegment.copy(tensor.data(), Tensor.FLOAT_LE, r * width * 4, row, 0, row.length);
      rows.add(row);
    }
    rowSquares.add(finite(rows.rowSquares / count));
    inversePowers.add(finite(rows.inversePowers / count));
    peaks.add(finite(rows.peaks / count));
    add(rows, count);
    samples++;
  }

  private static float finite(double value) {
    return (float) Math.min(value, Float.MAX_VALUE);
  }

  private void add(Rows rows, int count) {
    int width = rows.low.length;
    if (samples == 0) {
      IntStream.range(0, width).forEach(_ -> channels.add(new ChannelValues.Tally()));
    } else if (channels.size() != width) {
      hasChannels = false;
    }
    for (int c = 0; c < width && hasChannels; c++) {
      channels.get(c).reach(rows.low[c], rows.high[c]);
      channels.get(c).add(rows.sums[c] / count, rows.squares[c] / count);
    }
  }

  /// The channels of one sample.
  private static final class Rows {
    private final float[] low;
    private final float[] high;
    private final double[] sums;
    private final double[] squares;
    private double rowSquares;
    private double inversePowers;
    private double peaks;

    Rows(int width) {
      low = new float[width];
      high = new float[width];
      sums = new double[width];
      squares = new double[width];
      Arrays.fill(low, Float.POSITIVE_INFINITY);
      Arrays.fill(high, Float.NEGATIVE_INFINITY);
    }

    void add(float[] row) {
      float greatest = 0;
      double power = 0;
      for (int c = 0; c < row.length; c++) {
        float value = row[c];
        low[c] = Math.min(low[c], value);
        high[c] = Math.max(high[c], value);
        sums[c] += value;
        double square = (double) value * value;
        squares[c] += square;
        power += square / row.length;
        greatest = Math.max(greatest, Math.abs(value));
      }
      double square = (double) greatest * greatest;
      rowSquares += square;
      if (power > 0) {
        inversePowers += 1 / power;
        peaks += square / power;
      }
    }
  }

  synchronized Optional<RowStatistics> statistics() {
    return samples == 0
        ? Optional.empty()
        : Optional.of(
            new RowStatistics(
                samples,
                hasChannels
                    ? channels.stream().map(ChannelValues.Tally::values).toList()
                    : List.of(),
                new RowStatistics.Sums(rowSquares.units(), inversePowers.units(), peaks.units())));
  }
}
