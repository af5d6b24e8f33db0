package dev.halftone.calibrate;

import dev.halftone.UnusableInputException;
import dev.halftone.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Optional;

/// Gathers the statistics of one tensor over samples, in any order, from any thread.
final class TensorObserver {

  private static final int BLOCK = 4096;
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final String name;
  private final Histogram histogram = new Histogram();
  private final ExactSum mins = new ExactSum();
  private final ExactSum maxes = new ExactSum();
  private float min = Float.POSITIVE_INFINITY;
  private float max = Float.NEGATIVE_INFINITY;
  private long samples;

  TensorObserver(String name) {
    this.name = name;
  }

  /// Takes the tensor of one sample. Throws UnusableInputException where it holds a NaN or an infinity.
  synchronized void observe(Tensor tensor) {
    MemorySegment data = tensor.data();
    int count = Math.toIntExact(tensor.count());
    if (count == 0) {
      return;
    }
    float[] block = new float[Math.min(BLOCK, count)];
    float low = Float.POSITIVE_INFINITY;
    float high = Float.NEGATIVE_INFINITY;
    for (int at = 0; at < count; at += BLOCK) {
      int n = Math.min(BLOCK, count - at);
      MemorySegment.copy(data, FLOAT, at * 4L, block, 0, n);
      float blockLow = block[0];
      float blockHigh = block[0];
      for (int i = 0; i < n; i++) {
        blockLow = Math.min(blockLow, block[i]);
        blockHigh = Math.max(blockHigh, block[i]);
      }
      if (!(blockHigh - blockLow < Float.POSITIVE_INFINITY)) {
        checkFinite(block, n);
      }
      histogram.add(block, 0, n);
      low = Math.min(low, blockLow);
      high = Math.max(high, blockHigh);
    }
    mins.add(low);
    maxes.add(high);
    min = Math.min(min, low);
    max = Math.max(max, high);
    samples++;
  }

  private void checkFinite(float[] block, int n) {
    for (int i = 0; i < n; i++) {
      if (!Float.isFinite(block[i])) {
        throw new UnusableInputException(
            "the float model computes "
                + block[i]
                + " in tensor "
                + name
                + " on the calibration data: check the preprocessing, or leave that part of the model out of quantization");
      }
    }
  }

  synchronized Optional<TensorStatistics> statistics() {
    return samples == 0
        ? Optional.empty()
        : Optional.of(
            new TensorStatistics(
                samples, min, max, mins.units(), maxes.units(), histogram.counts()));
  }
}
