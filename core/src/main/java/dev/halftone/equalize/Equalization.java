package dev.halftone.equalize;

import dev.halftone.graph.Model;
import dev.halftone.graph.shape.ShapeInference;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// The factors that channels of tensors are divided by before they are quantized. The network keeps its outputs, to float
/// rounding and to what shut gates leave, and its channels make better use of one scale.
///
/// @param tensors by name
public record Equalization(SortedMap<String, Scaled> tensors) {

  /// @param factors one a channel, 1 at most
  /// @param floor below which it does not matter what the divided tensor is, for gates are shut, where it goes below
  public record Scaled(List<Double> factors, Optional<Float> floor) {
    public Scaled {
      factors = List.copyOf(factors);
      if (factors.stream().anyMatch(factor -> !(factor > 0) || Double.isInfinite(factor))) {
        throw new IllegalArgumentException("factors are positive numbers, not " + factors);
      }
      if (floor.filter(bound -> !Float.isFinite(bound)).isPresent()) {
        throw new IllegalArgumentException("floor is a number, not " + floor.get());
      }
    }

    boolean isDivided() {
      return factors.stream().anyMatch(factor -> factor != 1);
    }
  }

  public static final Equalization NONE = new Equalization(new TreeMap<>());

  public Equalization {
    tensors = Collections.unmodifiableSortedMap(new TreeMap<>(tensors));
  }

  public boolean isEmpty() {
    return tensors.isEmpty();
  }

  /// How many tensors have channels that are divided; the others only lose what shut gates make of no account.
  public long scaled() {
    return tensors.values().stream().filter(Scaled::isDivided).count();
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
