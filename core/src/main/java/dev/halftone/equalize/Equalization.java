package dev.halftone.equalize;

import dev.halftone.graph.Model;
import dev.halftone.graph.shape.ShapeInference;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// What the channels of tensors are divided by before they are quantized: a network with the same outputs, to float rounding and to what
/// shut gates leave, whose channels make better use of one scale.
///
/// @param factors by tensor, one a channel, 1 at most
public record Equalization(SortedMap<String, List<Double>> factors) {

  public static final Equalization NONE = new Equalization(new TreeMap<>());

  public Equalization {
    factors = Collections.unmodifiableSortedMap(new TreeMap<>(factors));
  }

  public boolean isEmpty() {
    return factors.isEmpty();
  }

  /// How many tensors have channels that are divided; the others only lose what shut gates make of no account.
  public long scaled() {
    return factors.values().stream()
        .filter(of -> of.stream().anyMatch(factor -> factor != 1))
        .count();
  }

  /// The prepared model with its channels divided. Throws IllegalArgumentException where the factors are of another model.
  public Model apply(Model prepared) {
    if (isEmpty()) {
      return prepared;
    }
    Division division = new Division(prepared.graph());
    Map<String, Stretch> stretches = new HashMap<>();
    Stretch.of(prepared.graph(), ShapeInference.infer(prepared))
        .forEach(stretch -> stretches.put(stretch.tensor(), stretch));
    factors.forEach((tensor, of) -> {
      Stretch stretch = stretches.get(tensor);
      if (stretch == null || stretch.channels() != of.size()) {
        throw new IllegalArgumentException("the model has no channels to scale in " + tensor);
      }
      division.of(stretch, of.stream().mapToDouble(Double::doubleValue).toArray());
    });
    return prepared.withGraph(division.done());
  }
}
