package dev.halftone.calibrate;

import dev.halftone.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/// Statistics of given values, for tests of what is decided from them.
public final class Seen {

  private static final int SAMPLE = 4_000;

  private Seen() {}

  /// These values, as samples small enough that every one of them is counted.
  public static TensorStatistics of(float... values) {
    TensorObserver observer = new TensorObserver("given");
    for (int from = 0; from < values.length; from += SAMPLE) {
      observer.observe(
          Tensor.vector(Arrays.copyOfRange(values, from, Math.min(values.length, from + SAMPLE))));
    }
    return observer.statistics().orElseThrow();
  }

  /// The same with channels along one axis of each sample.
  public static TensorStatistics along(int axis, List<Tensor> samples) {
    TensorObserver observer = new TensorObserver("given", Set.of(axis));
    samples.forEach(observer::observe);
    return observer.statistics().orElseThrow();
  }
}
