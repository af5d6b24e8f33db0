package dev.halftone.prepare.opset;

import dev.halftone.graph.Attribute;
import dev.halftone.graph.Graph;
import dev.halftone.graph.Names;
import dev.halftone.graph.Node;
import dev.halftone.graph.TensorType;
import dev.halftone.graph.Value;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Takes a graph and its subgraphs through every step from one opset to another.
///
/// @param types what is known of the values of the outermost graph
/// @param onlyFloat what [FloatTypes#only] says of the model
public record Raising(
    long from, long to, Map<String, TensorType> types, Names names, Optional<DType> onlyFloat) {

  public static Raising of(
      Graph graph, Map<String, TensorType> types, Optional<DType> onlyFloat, long from, long to) {
    return new Raising(from, to, types, new Names(graph), onlyFloat);
  }

  /// The outermost graph, raised.
  public Graph graph(Graph graph) {
    return graph(graph, Optional.empty());
  }

  /// As [#graph], for a body that can hold no initializers: constants that steps add are nodes before the others.
  public List<Node> nodes(Graph graph) {
    Graph raised = graph(graph);
    List<Node> nodes = new ArrayList<>();
    raised
        .initializers()
        .forEach((name, tensor) ->
            nodes.add(
                Node.of("Constant", name, List.of(), List.of(name))
                    .with("value", new Attribute.TensorValue(tensor))));
    nodes.addAll(raised.nodes());
    return nodes;
  }

  private Graph graph(Graph graph, Optional<Scope> outer) {
    Map<String, TensorType> known = declared(graph);
    if (outer.isEmpty()) {
      known.putAll(types);
    }
    Scope scope = new Scope(graph, known, names, outer, onlyFloat, new Scope.Opsets(from, to));
    List<Node> nodes = new ArrayList<>();
    for (Node node : graph.nodes()) {
      Node inner = withBodies(node, scope);
      if (inner.domain().isEmpty()) {
        append(inner, from, scope, nodes);
      } else {
        nodes.add(inner);
      }
    }
    Map<String, Tensor> constants = new LinkedHashMap<>(graph.initializers());
    constants.putAll(scope.added());
    return graph.withNodes(nodes).withInitializers(constants);
  }

  private void append(Node node, long at, Scope scope, List<Node> nodes) {
    Optional<Step> step = Steps.next(node.opType(), at, to);
    if (step.isEmpty()) {
      nodes.add(node);
      return;
    }
    node.attributes()
        .forEach((key, attribute) -> {
          if (attribute instanceof Attribute.Raw) {
            throw scope.refuse(
                node,
                "its attribute " + key + " takes its value from the function around it",
                "inline the functions of the model first");
          }
        });
    for (Node next : step.get().rewrite().apply(node, scope)) {
      append(next, step.get().version(), scope, nodes);
    }
  }

  private Node withBodies(Node node, Scope scope) {
    if (node.bodies().isEmpty()) {
      return node;
    }
    Map<String, Attribute> attributes = new LinkedHashMap<>(node.attributes());
    attributes.replaceAll((_, attribute) ->
        attribute instanceof Attribute.Subgraph(Graph body)
            ? new Attribute.Subgraph(graph(body, Optional.of(scope)))
            : attribute);
    return node.withAttributes(attributes);
  }

  /// The element types that the file declares. Its shapes may be those of one example, so no step relies on them.
  private static Map<String, TensorType> declared(Graph graph) {
    Map<String, TensorType> types = new HashMap<>();
    for (List<Value> values : List.of(graph.valueInfo(), graph.outputs(), graph.inputs())) {
      values.forEach(value ->
          value
              .type()
              .ifPresent(type -> types.put(value.name(), TensorType.ofUnknownRank(type.dtype()))));
    }
    graph
        .initializers()
        .forEach((name, tensor) -> types.put(name, TensorType.of(tensor.dtype(), tensor.shape())));
    return types;
  }
}
