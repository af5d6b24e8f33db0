package dev.halftone.equalize;

import dev.halftone.graph.Model;
import dev.halftone.graph.shape.ShapeInference;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// The ranges of the channels that could be divided, as observed while a network ran.
///
/// @param tensors by name
public record ChannelRanges(SortedMap<String, ChannelRange> tensors) {

  public ChannelRanges {
    tensors = Collections.unmodifiableSortedMap(new TreeMap<>(tensors));
  }

  /// @param prepared the network that shall run
  /// @param quantized tensors that become integers: channels that stay floats are left alone, for dividing them can only make weights
  ///     harder to round
  static List<ScalableRegion> regions(Model prepared, Collection<String> quantized) {
    return ScalableRegion.of(prepared.graph(), ShapeInference.infer(prepared)).stream()
        .filter(region -> region.places().keySet().stream().anyMatch(quantized::contains))
        .toList();
  }

  /// Both together; associative, commutative, exact. Throws IllegalArgumentException where they are of different networks.
  public ChannelRanges merge(ChannelRanges other) {
    if (!tensors.keySet().equals(other.tensors.keySet())) {
      throw new IllegalArgumentException("the channel ranges are of different tensors");
    }
    SortedMap<String, ChannelRange> both = new TreeMap<>(tensors);
    other.tensors.forEach((name, range) -> both.merge(name, range, ChannelRange::merge));
    return new ChannelRanges(both);
  }

  /// What the channels shall be divided by. Throws IllegalArgumentException where another network was observed.
  ///
  /// @param prepared the network that was observed
  /// @param quantized tensors that become integers
  /// @param weightBits that weights shall have
  public Equalization equalization(Model prepared, Collection<String> quantized, int weightBits) {
    SortedMap<String, ScaledChannels> scaled = new TreeMap<>();
    for (ScalableRegion region : regions(prepared, quantized)) {
      region.places().forEach(this::require);
      EqualizationFactors.choose(region, tensors, weightBits)
          .ifPresent(chosen -> scaled.put(region.tensor(), chosen));
    }
    return new Equalization(scaled);
  }

  private void require(String tensor, ScalableRegion.Place place) {
    ChannelRange range = tensors.get(tensor);
    if (range == null || range.channels().size() != place.of()) {
      throw new IllegalArgumentException("no ranges of " + place.of() + " channels in " + tensor);
    }
  }
}
