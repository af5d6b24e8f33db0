package dev.halftone.calibrate;

import dev.halftone.engine.Probe;
import dev.halftone.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// A [TensorObserver] for each of several tensors.
final class TensorProbe implements Probe {

  private final Map<String, TensorObserver> observers = new LinkedHashMap<>();

  /// @param tensors to observe, and along which axes of each channels are told apart
  TensorProbe(Map<String, Set<Integer>> tensors) {
    tensors.forEach((name, axes) -> observers.put(name, new TensorObserver(name, axes)));
  }

  @Override
  public Set<String> tensors() {
    return observers.keySet();
  }

  @Override
  public void observe(String name, Tensor tensor) {
    TensorObserver observer = observers.get(name);
    if (observer != null) {
      observer.observe(tensor);
    }
  }

  /// Of all samples that were run. Tensors that never held an element are missing.
  SortedMap<String, TensorStatistics> result() {
    SortedMap<String, TensorStatistics> seen = new TreeMap<>();
    observers.forEach(
        (name, observer) -> observer.statistics().ifPresent(found -> seen.put(name, found)));
    return seen;
  }
}
