package dev.halftone.equalize;

import dev.halftone.graph.Model;
import dev.halftone.graph.shape.ShapeInference;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// The factors that channels of tensors are divided by before they are quantized. The network keeps its outputs, to float
/// rounding and to what shut gates leave, and its channels make better use of one scale.
///
/// @param tensors by name
public record Equalization(SortedMap<String, ScaledChannels> tensors) {

  public static final Equalization NONE = new Equalization(new TreeMap<>());

  public Equalization {
    tensors = Collections.unmodifiableSortedMap(new TreeMap<>(tensors));
  }

  public boolean isEmpty() {
    return tensors.isEmpty();
  }

  /// How many tensors have channels that are divided; the others only lose what shut gates make of no account.
  public long scaled() {
    return tensors.values().stream().filter(ScaledChannels::isDivided).count();
  }

  /// The prepared model with its channels divided. Throws IllegalArgumentException where the factors are of another model.
  public Model apply(Model prepared) {
    if (isEmpty()) {
      return prepared;
    }
    Division division = new Division(prepared.graph());
    Map<String, ScalableRegion> stretches = new HashMap<>();
    ScalableRegion.of(prepared.graph(), ShapeInference.infer(prepared))
        .forEach(stretch -> stretches.put(stretch.tensor(), stretch));
    tensors.forEach((tensor, scaled) -> {
      ScalableRegion stretch = stretches.get(tensor);
      if (stretch == null || stretch.channels() != scaled.factors().size()) {
        throw new IllegalArgumentException("the model has no channels to scale in " + tensor);
      }
      division.of(stretch, scaled);
    });
    return prepared.withGraph(division.done());
  }
}
