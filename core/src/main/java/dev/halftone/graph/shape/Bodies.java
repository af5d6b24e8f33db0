package dev.halftone.graph.shape;

import dev.halftone.graph.Graph;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.graph.TensorType;
import dev.halftone.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

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
      most =
          Math.max(
              most, add(BodyModels.within(body, node, model, types::type), operations, constants));
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

  private static Map<String, TensorType> sized(Graph graph) {
    Map<String, TensorType> sized = new HashMap<>();
    graph
        .inputs()
        .forEach(input -> input.type().ifPresent(type -> sized.put(input.name(), type.ofOne())));
    return sized;
  }
}
