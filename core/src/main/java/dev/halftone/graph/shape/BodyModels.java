package dev.halftone.graph.shape;

import dev.halftone.graph.Captures;
import dev.halftone.graph.Dim;
import dev.halftone.graph.Graph;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.graph.TensorType;
import dev.halftone.graph.Value;
import dev.halftone.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// Branches and bodies as models of their own, and the types that branches agree on.
final class BodyModels {

  private BodyModels() {}

  /// The body as a model that is fed what it reads of the graph around it. Constants from there are defaults of inputs.
  static Model within(
      Graph body, Node node, Model model, Function<String, Optional<TensorType>> types) {
    List<Value> inputs = new ArrayList<>(body.inputs());
    Map<String, Tensor> constants = new LinkedHashMap<>(body.initializers());
    Set<String> made = new HashSet<>();
    body.nodes().forEach(inner -> made.addAll(inner.outputs()));
    for (String captured : Captures.of(node)) {
      if (!made.contains(captured) && !constants.containsKey(captured)) {
        inputs.add(
            new Value(captured, types.apply(captured).map(BodyModels::withoutSymbols), List.of()));
        model.graph().constant(captured).ifPresent(tensor -> constants.put(captured, tensor));
      }
    }
    return model.withGraph(
        new Graph(
            body.name(),
            body.nodes(),
            constants,
            inputs,
            body.outputs(),
            body.valueInfo(),
            body.opaque()));
  }

  /// What two branches agree on.
  static Optional<TensorType> common(TensorType one, TensorType other) {
    if (one.dtype() != other.dtype()) {
      return Optional.empty();
    }
    List<Dim> dims = one.dims().orElse(List.of());
    List<Dim> others = other.dims().orElse(List.of());
    if (one.dims().isEmpty() || other.dims().isEmpty() || dims.size() != others.size()) {
      return Optional.of(TensorType.ofUnknownRank(one.dtype()));
    }
    List<Dim> same = new ArrayList<>();
    for (int i = 0; i < dims.size(); i++) {
      same.add(dims.get(i).equals(others.get(i)) ? dims.get(i) : Dim.UNKNOWN);
    }
    return Optional.of(TensorType.of(one.dtype(), same));
  }

  /// The type without the names that one inference gives to extents, which mean something else in another.
  static TensorType withoutSymbols(TensorType type) {
    return new TensorType(
        type.dtype(),
        type.dims()
            .map(dims ->
                dims.stream()
                    .map(dim ->
                        dim instanceof Dim.Named(String name) && name.startsWith("\0")
                            ? Dim.UNKNOWN
                            : dim)
                    .toList()));
  }
}
