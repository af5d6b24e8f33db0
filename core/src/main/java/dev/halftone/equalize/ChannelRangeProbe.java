package dev.halftone.equalize;

import dev.halftone.engine.Probe;
import dev.halftone.graph.Model;
import dev.halftone.tensor.Tensor;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// Observes the channels that could be divided.
public final class ChannelRangeProbe implements Probe {

  private final Map<String, ChannelRangeObserver> observers = new LinkedHashMap<>();

  /// @param prepared the network that shall run
  /// @param quantized tensors that become integers: no others are observed
  public ChannelRangeProbe(Model prepared, Collection<String> quantized) {
    for (ScalableRegion region : ChannelRanges.regions(prepared, quantized)) {
      region
          .places()
          .forEach((tensor, place) ->
              observers.computeIfAbsent(
                  tensor, _ -> new ChannelRangeObserver(place.axis(), place.of())));
    }
  }

  @Override
  public Set<String> tensors() {
    return observers.keySet();
  }

  @Override
  public void observe(String name, Tensor tensor) {
    ChannelRangeObserver observer = observers.get(name);
    if (observer != null) {
      observer.observe(tensor);
    }
  }

  /// Of all samples that were run: those of parts of the data merge into that of all, to the bit.
  public ChannelRanges result() {
    SortedMap<String, ChannelRange> ranges = new TreeMap<>();
    observers.forEach((name, observer) -> ranges.put(name, observer.range()));
    return new ChannelRanges(ranges);
  }
}
