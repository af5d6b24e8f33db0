package dev.halftone.prepare;

import dev.halftone.graph.Graph;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.graph.Value;
import dev.halftone.graph.shape.ShapeInference;
import dev.halftone.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Makes every constant of the main graph an initializer that no caller can override.
///
/// Constant nodes become initializers of the same name. Initializers that a file lists among its inputs (all of them up to
/// IR 3) are dropped there, and the IR version becomes at least 4, the first that allows it. Strings and sparse tensors stay nodes.
final class LiftConstants implements Pass {

  @Override
  public Model apply(Model model) {
    Graph graph = model.graph();
    Map<String, Tensor> constants = new LinkedHashMap<>(graph.initializers());
    List<Node> nodes = new ArrayList<>();
    for (Node node : graph.nodes()) {
      Optional<Tensor> value = ShapeInference.constant(node);
      value.ifPresentOrElse(tensor -> constants.put(node.output(), tensor), () -> nodes.add(node));
    }
    List<Value> inputs =
        graph.inputs().stream()
            .filter(input -> !graph.initializers().containsKey(input.name()))
            .toList();
    Graph lifted =
        new Graph(
            graph.name(),
            nodes,
            constants,
            inputs,
            graph.outputs(),
            graph.valueInfo(),
            graph.opaque());
    return model.withGraph(lifted).withIrVersion(Math.max(4, model.irVersion()));
  }
}
