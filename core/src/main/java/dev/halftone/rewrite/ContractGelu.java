package dev.halftone.rewrite;

import dev.halftone.graph.Graph;
import dev.halftone.graph.GraphEdit;
import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Node;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Tensor;
import java.util.List;

/// Writes the product with 1 / sqrt(2) that an Erf reads as a division by sqrt(2) again: ONNX Runtime fuses GELU where it finds the division.
/// Preparation made it a product, for which integer kernels exist.
final class ContractGelu {

  private static final float ROOT = (float) Math.sqrt(2);
  private static final double SLACK = 1e-5;

  private ContractGelu() {}

  static Graph apply(Graph graph) {
    if (graph.nodes().stream().noneMatch(node -> node.is("Erf"))) {
      return graph;
    }
    GraphIndex index = new GraphIndex(graph);
    GraphEdit edit = new GraphEdit(graph);
    for (Node node : graph.nodes()) {
      if (node.is("Mul")
          && index.onlyConsumer(node.output()).filter(next -> next.is("Erf")).isPresent()) {
        for (int at = 0; at < 2; at++) {
          if (isInverseRoot(node.input(at), index)) {
            String root = edit.addConstant(node.input(at) + "_inverse", Tensor.scalar(ROOT));
            edit.replace(
                node,
                Node.of("Div", node.name(), List.of(node.input(1 - at), root), node.outputs()));
          }
        }
      }
    }
    return edit.build();
  }

  private static boolean isInverseRoot(String value, GraphIndex index) {
    return index
        .constant(value)
        .filter(tensor -> tensor.dtype() == DType.FLOAT && tensor.count() == 1)
        .filter(tensor -> Math.abs(tensor.toFloats()[0] * ROOT - 1.0) < SLACK)
        .isPresent();
  }
}
