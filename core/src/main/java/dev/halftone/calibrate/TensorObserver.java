package dev.halftone.calibrate;

import dev.halftone.UnusableInputException;
import dev.halftone.tensor.ExactSum;
import dev.halftone.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Gathers the statistics of one tensor over samples, in any order, from any thread.
///
/// The lowest and highest value are those of every element. The histogram takes at most [#COUNTED] elements of a sample, evenly spread:
/// a tensor of a million activations says no more about its distribution than a spread of its elements, over a hundred samples.
final class TensorObserver {

  private static final int BLOCK = 4096;
  private static final int COUNTED = 1 << 12;
  private static final int INFINITY = 0x7F800000;

  private final String name;
  private final List<ChannelObserver> channels;
  private final Histogram histogram = new Histogram();
  private final ExactSum mins = new ExactSum();
  private final ExactSum maxes = new ExactSum();
  private float min = Float.POSITIVE_INFINITY;
  private float max = Float.NEGATIVE_INFINITY;
  private long samples;

  TensorObserver(String name) {
    this(name, Set.of());
  }

  /// @param axes along which channels are looked at, counted from the front
  TensorObserver(String name, Set<Integer> axes) {
    this.name = name;
    this.channels = axes.stream().sorted().map(ChannelObserver::new).toList();
  }

  /// Takes the tensor of one sample. Throws UnusableInputException where it holds a NaN or an infinity.
  synchronized void observe(Tensor tensor) {
    MemorySegment data = tensor.data();
    int count = Math.toIntExact(tensor.count());
    if (count == 0) {
      return;
    }
    int[] block = new int[Math.min(BLOCK, count)];
    int stride = Math.ceilDiv(count, COUNTED) | 1; // odd: no power-of-two row length has it in step
    int next = 0;
    int low = Integer.MAX_VALUE;
    int high = Integer.MIN_VALUE;
    for (int at = 0; at < count; at += BLOCK) {
      int n = Math.min(BLOCK, count - at);
      MemorySegment.copy(data, Tensor.INT_LE, at * 4L, block, 0, n);
      low = Math.min(low, lowest(block, n));
      high = Math.max(high, highest(block, n));
      if (high >= INFINITY || low <= ordered(INFINITY | Integer.MIN_VALUE)) {
        throw notFinite();
      }
      next = histogram.add(block, next - at, n, stride) + at;
    }
    channels.forEach(channel -> channel.observe(tensor));
    float least = Float.intBitsToFloat(ordered(low));
    float greatest = Float.intBitsToFloat(ordered(high));
    mins.add(least);
    maxes.add(greatest);
    min = Math.min(min, least);
    max = Math.max(max, greatest);
    samples++;
  }

  /// Bits of a float as an integer of the same order, and back: what is not a number lies beyond the infinities.
  private static int ordered(int bits) {
    return bits ^ (bits >> 31 & Integer.MAX_VALUE);
  }

  private static int lowest(int[] block, int n) {
    int low = Integer.MAX_VALUE;
    for (int i = 0; i < n; i++) {
      low = Math.min(low, block[i] ^ (block[i] >> 31 & Integer.MAX_VALUE));
    }
    return low;
  }

  private static int highest(int[] block, int n) {
    int high = Integer.MIN_VALUE;
    for (int i = 0; i < n; i++) {
      high = Math.max(high, block[i] ^ (block[i] >> 31 & Integer.MAX_VALUE));
    }
    return high;
  }

  private UnusableInputException notFinite() {
    return new UnusableInputException(
        "tensor "
            + name
            + " of the float model holds infinite or undefined numbers on the calibration data: check the data and the preprocessing, or leave that part of the model out of quantization");
  }

  synchronized Optional<TensorStatistics> statistics() {
    return samples == 0
        ? Optional.empty()
        : Optional.of(
            new TensorStatistics(
                samples,
                new TensorStatistics.Extremes(min, max, mins.units(), maxes.units()),
                histogram.counts(),
                channels.stream().map(ChannelObserver::statistics).toList()));
  }
}
