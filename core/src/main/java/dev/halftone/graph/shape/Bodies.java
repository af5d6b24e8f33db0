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
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/// Sums up what the branches and bodies inside a node hold, at every depth.
///
/// @param operations how often each operation stands there, by name
/// @param constants all of them
/// @param macs multiply-accumulates of the larger branch of an If, and of one run of the body of a loop
record Bodies(Map<String, Integer> operations, List<Tensor> constants, long macs) {

  private static final Bodies NONE = new Bodies(Map.of(), List.of(), 0);

  /// @param model the model or body that the node stands in
  /// @param types of the values there, for extents of 1 where they are open
  static Bodies of(Node node, Model model, Types types) {
    Map<String, Integer> operations = new TreeMap<>();
    List<Tensor> constants = new ArrayList<>();
    long most = 0;
    for (Graph body : node.bodies()) {
      most = Math.max(most, add(within(body, node, model, types::type), operations, constants));
    }
    return constants.isEmpty() && operations.isEmpty()
        ? NONE
        : new Bodies(operations, constants, most);
  }

  /// The multiply-accumulates of the body.
  private static long add(Model body, Map<String, Integer> operations, List<Tensor> constants) {
    Types types = ShapeInference.infer(body, sized(body.graph()));
    Map<String, Tensor> own = new HashMap<>(body.graph().initializers());
    body.graph().inputs().forEach(input -> own.remove(input.name()));
    long macs = 0;
    for (Node inner : body.graph().nodes()) {
      operations.merge(inner.operation(), 1, Integer::sum);
      ShapeInference.constant(inner).ifPresent(constants::add);
      Bodies deeper = of(inner, body, types);
      deeper.operations.forEach((name, count) -> operations.merge(name, count, Integer::sum));
      constants.addAll(deeper.constants);
      macs = Work.plus(macs, Work.plus(Work.macs(inner, types), deeper.macs));
    }
    constants.addAll(own.values());
    return macs;
  }

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
            new Value(captured, types.apply(captured).map(Bodies::withoutSymbols), List.of()));
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

  private static Map<String, TensorType> sized(Graph graph) {
    Map<String, TensorType> sized = new HashMap<>();
    graph
        .inputs()
        .forEach(input -> input.type().ifPresent(type -> sized.put(input.name(), type.ofOne())));
    return sized;
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
