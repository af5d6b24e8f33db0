package dev.halftone.equalize;

import dev.halftone.graph.Model;
import dev.halftone.graph.shape.ShapeInference;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Tensor;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// The ranges of channels that could be divided, observed while a network runs; safe for use by several threads at once.
public final class ChannelRanges {

  private final List<ScalableRegion> stretches;
  private final Map<String, ChannelRange> reaches = new LinkedHashMap<>();

  private ChannelRanges(List<ScalableRegion> stretches) {
    this.stretches = stretches;
    for (ScalableRegion stretch : stretches) {
      stretch
          .places()
          .forEach((tensor, place) ->
              reaches.computeIfAbsent(tensor, _ -> new ChannelRange(place.axis(), place.of())));
    }
  }

  /// Nothing to observe.
  public static ChannelRanges none() {
    return new ChannelRanges(List.of());
  }

  /// @param prepared the network that shall run
  /// @param quantized tensors that become integers: channels that stay floats are left alone, for dividing them can only make weights
  ///     harder to round
  public static ChannelRanges of(Model prepared, Collection<String> quantized) {
    return new ChannelRanges(
        ScalableRegion.of(prepared.graph(), ShapeInference.infer(prepared)).stream()
            .filter(stretch -> stretch.places().keySet().stream().anyMatch(quantized::contains))
            .toList());
  }

  /// What must be observed.
  public Set<String> tensors() {
    return reaches.keySet();
  }

  /// Takes a tensor of one sample; any that is not among [#tensors] is passed over.
  public void observe(String name, Tensor tensor) {
    ChannelRange reach = reaches.get(name);
    if (reach != null && tensor.dtype() == DType.FLOAT) {
      reach.observe(tensor);
    }
  }

  /// @param weightBits that weights shall have
  public Equalization equalization(int weightBits) {
    SortedMap<String, ScaledChannels> scaled = new TreeMap<>();
    for (ScalableRegion stretch : stretches) {
      EqualizationFactors.choose(stretch, reaches, weightBits)
          .ifPresent(chosen -> scaled.put(stretch.tensor(), chosen));
    }
    return new Equalization(scaled);
  }
}
