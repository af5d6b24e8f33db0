package dev.halftone.prepare;

import dev.halftone.UnsupportedModelException;
import dev.halftone.graph.Attribute;
import dev.halftone.graph.Graph;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.graph.Order;
import dev.halftone.graph.TensorType;
import dev.halftone.graph.Value;
import dev.halftone.prepare.opset.FloatTypes;
import dev.halftone.prepare.opset.Names;
import dev.halftone.prepare.opset.Scope;
import dev.halftone.prepare.opset.Step;
import dev.halftone.prepare.opset.Steps;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Rewrites a model for a newer standard opset, every operation so that it computes what it computed before.
///
/// Needed where a scheme needs an operation that an old opset lacks: DequantizeLinear per channel came with 13, 4-bit and 16-bit
/// integers with 21. Other domains stay as they are.
public final class RaiseOpset {

  private static final long OLDEST = 7;

  private RaiseOpset() {}

  /// The model at `version` (at most [Steps#LATEST]) of the standard opset; unchanged where it is there already. Throws
  /// UnsupportedModelException where a node has no equal in the newer opset.
  public static Model to(Model model, long version) {
    if (version > Steps.LATEST) {
      throw new IllegalArgumentException(
          "opset " + version + " is newer than " + Steps.LATEST + ", the newest known here");
    }
    if (!model.opsets().containsKey("")) {
      return raised(model, model.graph(), version);
    }
    if (model.opset() >= version) {
      return model;
    }
    if (model.opset() < OLDEST) {
      throw new UnsupportedModelException(
          "The model uses opset "
              + model.opset()
              + ", and only opset "
              + OLDEST
              + " or later can be raised to "
              + version
              + "; export the model anew with opset 13 or later.");
    }
    Graph graph = model.irVersion() < 4 ? fixed(model.graph()) : model.graph();
    Raise raise = new Raise(model.opset(), version, new Names(graph), FloatTypes.only(graph));
    return raised(model, Order.prune(raise.graph(graph, Optional.empty())), version);
  }

  private static Model raised(Model model, Graph graph, long version) {
    return model
        .withGraph(graph)
        .withOpset("", version)
        .withIrVersion(Math.max(model.irVersion(), irVersion(version)));
  }

  /// The IR version of the ONNX release that brought this opset: an older one may not know its types.
  static long irVersion(long opset) {
    if (opset <= 8) {
      return 3;
    }
    if (opset <= 11) {
      return opset - 5;
    }
    return opset <= 14
        ? 7
        : opset <= 18 ? 8 : opset <= 20 ? 9 : opset <= 22 ? 10 : opset <= 24 ? opset - 12 : 13;
  }

  /// Before IR version 4 every constant had to stand among the inputs too. From then on that makes it a default which a caller
  /// may override, so the constants leave the inputs.
  private static Graph fixed(Graph graph) {
    List<Value> inputs =
        graph.inputs().stream()
            .filter(input -> !graph.initializers().containsKey(input.name()))
            .toList();
    return new Graph(
        graph.name(),
        graph.nodes(),
        graph.initializers(),
        inputs,
        graph.outputs(),
        graph.valueInfo(),
        graph.opaque());
  }

  private record Raise(long from, long to, Names names, Optional<DType> onlyFloat) {

    Graph graph(Graph graph, Optional<Scope> outer) {
      Scope scope = new Scope(graph, declared(graph), names, outer, onlyFloat, to);
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
      for (Node next : step.get().rewrite().apply(node, scope)) {
        append(next, step.get().version(), scope, nodes);
      }
    }

    private Node withBodies(Node node, Scope scope) {
      if (node.attributes().values().stream().noneMatch(Attribute.Subgraph.class::isInstance)) {
        return node;
      }
      Map<String, Attribute> attributes = new LinkedHashMap<>(node.attributes());
      attributes.replaceAll((_, attribute) ->
          attribute instanceof Attribute.Subgraph(Graph body)
              ? new Attribute.Subgraph(graph(body, Optional.of(scope)))
              : attribute);
      return node.withAttributes(attributes);
    }

    private static Map<String, TensorType> declared(Graph graph) {
      Map<String, TensorType> types = new HashMap<>();
      for (List<Value> values : List.of(graph.valueInfo(), graph.outputs(), graph.inputs())) {
        values.forEach(value -> value.type().ifPresent(type -> types.put(value.name(), type)));
      }
      graph
          .initializers()
          .forEach(
              (name, tensor) -> types.put(name, TensorType.of(tensor.dtype(), tensor.shape())));
      return types;
    }
  }
}
