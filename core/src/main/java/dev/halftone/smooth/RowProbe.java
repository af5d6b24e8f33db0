package dev.halftone.smooth;

import dev.halftone.engine.Probe;
import dev.halftone.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// A [RowObserver] for each of several tensors.
public final class RowProbe implements Probe {

  private final Map<String, RowObserver> observers = new LinkedHashMap<>();

  public RowProbe(Set<String> tensors) {
    tensors.forEach(name -> observers.put(name, new RowObserver()));
  }

  @Override
  public Set<String> tensors() {
    return observers.keySet();
  }

  @Override
  public void observe(String name, Tensor tensor) {
    RowObserver observer = observers.get(name);
    if (observer != null) {
      observer.observe(tensor);
    }
  }

  /// Of all samples that were run. Tensors that never held an element are missing.
  public SortedMap<String, RowStatistics> result() {
    SortedMap<String, RowStatistics> seen = new TreeMap<>();
    observers.forEach(
        (name, observer) -> observer.statistics().ifPresent(found -> seen.put(name, found)));
    return seen;
  }
}
