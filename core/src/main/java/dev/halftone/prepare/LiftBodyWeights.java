package dev.halftone.prepare;

import dev.halftone.graph.Attribute;
import dev.halftone.graph.Graph;
import dev.halftone.graph.Model;
import dev.halftone.graph.Names;
import dev.halftone.graph.Node;
import dev.halftone.graph.Renaming;
import dev.halftone.graph.Value;
import dev.halftone.graph.shape.ShapeInference;
import dev.halftone.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Moves the matrices that branches and bodies hold to the main graph, under names of their own: a branch reads what stands outside, so
/// nothing changes but that all weights stand in one place.
final class LiftBodyWeights implements Pass {

  @Override
  public Model apply(Model model) {
    return model.graph().nodes().stream().allMatch(node -> node.bodies().isEmpty())
        ? model
        : model.withGraph(new Lifting(model.graph()).apply());
  }

  private static final class Lifting {

    private final Graph graph;
    private final Names names;
    private final Map<String, Tensor> initializers;

    Lifting(Graph graph) {
      this.graph = graph;
      this.names = new Names(graph);
      this.initializers = new LinkedHashMap<>(graph.initializers());
    }

    Graph apply() {
      List<Node> nodes = graph.nodes().stream().map(this::outside).toList();
      return new Graph(
          graph.name(),
          nodes,
          initializers,
          graph.inputs(),
          graph.outputs(),
          graph.valueInfo(),
          graph.opaque());
    }

    /// The node, its bodies without weights.
    private Node outside(Node node) {
      if (node.bodies().isEmpty()) {
        return node;
      }
      Map<String, Attribute> attributes = new LinkedHashMap<>();
      node.attributes()
          .forEach((key, attribute) ->
              attributes.put(
                  key,
                  attribute instanceof Attribute.Subgraph(Graph body)
                      ? new Attribute.Subgraph(lifted(body))
                      : attribute));
      return node.withAttributes(attributes);
    }

    private Graph lifted(Graph body) {
      List<String> made = body.outputs().stream().map(Value::name).toList();
      Map<String, Tensor> kept = new LinkedHashMap<>();
      Map<String, String> renamed = new HashMap<>();
      body.initializers()
          .forEach((name, tensor) -> {
            if (isMatrix(tensor) && !made.contains(name)) {
              renamed.put(name, lift(name, tensor));
            } else {
              kept.put(name, tensor);
            }
          });
      List<Node> nodes = new ArrayList<>();
      for (Node node : body.nodes()) {
        Optional<Tensor> constant =
            Optional.of(node)
                .filter(some -> some.outputs().size() == 1 && !made.contains(some.output()))
                .flatMap(ShapeInference::constant)
                .filter(LiftBodyWeights::isMatrix);
        constant.ifPresentOrElse(
            tensor -> renamed.put(node.output(), lift(node.output(), tensor)),
            () -> nodes.add(node));
      }
      List<Node> reading =
          nodes.stream()
              .map(node -> Renaming.inputs(node, name -> renamed.getOrDefault(name, name)))
              .map(this::outside)
              .toList();
      return new Graph(
          body.name(),
          reading,
          kept,
          body.inputs(),
          body.outputs(),
          body.valueInfo(),
          body.opaque());
    }

    private String lift(String name, Tensor tensor) {
      String fresh = names.fresh(name);
      initializers.put(fresh, tensor);
      return fresh;
    }
  }

  private static boolean isMatrix(Tensor tensor) {
    return tensor.dtype().isFloat() && tensor.shape().rank() > 1 && tensor.count() > 1;
  }
}
