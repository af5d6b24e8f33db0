package dev.halftone.calibrate;

import dev.halftone.tensor.Tensor;

/// Statistics of given values, for tests of what is decided from them.
public final class Seen {

  private Seen() {}

  /// One sample with these values.
  public static TensorStatistics of(float... values) {
    TensorObserver observer = new TensorObserver("given");
    observer.observe(Tensor.vector(values));
    return observer.statistics().orElseThrow();
  }
}
