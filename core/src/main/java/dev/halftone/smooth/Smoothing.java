package dev.halftone.smooth;

import dev.halftone.graph.Graph;
import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Model;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// The shifts and scales of channels that products read: what the products read is `(x - shift) / scale` of what was there before, and the
/// network's results are the same to float rounding (SmoothQuant, Xiao et al. 2022; Outlier Suppression+, Wei et al. 2023).
///
/// @param tensors by name
/// @param names of these tensors by what products read: the tensor itself, or what lays it out otherwise
public record Smoothing(
    SortedMap<String, SmoothedChannels> tensors, SortedMap<String, String> names) {

  public static final Smoothing NONE = new Smoothing(new TreeMap<>(), new TreeMap<>());

  public Smoothing {
    tensors = Collections.unmodifiableSortedMap(new TreeMap<>(tensors));
    names = Collections.unmodifiableSortedMap(new TreeMap<>(names));
  }

  public boolean isEmpty() {
    return tensors.isEmpty();
  }

  /// What was done to the channels of what a product reads.
  public Optional<SmoothedChannels> of(String read) {
    return Optional.ofNullable(tensors.get(names.getOrDefault(read, read)));
  }

  /// The prepared model with its channels shifted and scaled. Throws IllegalArgumentException where it has no such channels.
  public Model apply(Model prepared) {
    Graph smoothed = prepared.graph();
    for (var entry : tensors.entrySet()) {
      GraphIndex index = new GraphIndex(smoothed);
      SmoothableTensor tensor =
          SmoothableTensor.of(entry.getKey(), index)
              .orElseThrow(() ->
                  new IllegalArgumentException(
                      "the model has no channels to smooth in " + entry.getKey()));
      smoothed = new SmoothedGraph(index, tensor, entry.getValue()).apply();
    }
    return prepared.withGraph(smoothed);
  }
}
