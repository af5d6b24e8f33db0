package dev.halftone.prepare;

import dev.halftone.graph.Attribute;
import dev.halftone.graph.GraphEdit;
import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/// Writes PRelu as operations that ONNX Runtime is fast at, with the same values: as a LeakyRelu, for which an integer kernel exists,
/// where all slopes are equal, else as max(x, slope x) where none is above 1.
///
/// The kernel of PRelu takes three to five times as long as Mul and Max, and has no integer form
/// (docs/onnxruntime-qdq.md).
final class MaxForPRelu implements Pass {

  @Override
  public Model apply(Model model) {
    GraphIndex index = new GraphIndex(model.graph());
    GraphEdit edit = new GraphEdit(model.graph());
    for (Node node : model.graph().nodes()) {
      if (node.is("PRelu")) {
        slopes(node, index).ifPresent(slopes -> rewrite(edit, node, slopes));
      }
    }
    return model.withGraph(edit.build());
  }

  private static Optional<float[]> slopes(Node node, GraphIndex index) {
    return index
        .constant(node.input(1))
        .filter(tensor -> tensor.dtype() == DType.FLOAT && tensor.count() > 0)
        .map(Tensor::toFloats);
  }

  private static void rewrite(GraphEdit edit, Node node, float[] slopes) {
    float least = slopes[0];
    float most = slopes[0];
    for (float slope : slopes) {
      least = Math.min(least, slope);
      most = Math.max(most, slope);
    }
    String x = node.input(0);
    if (least == most) {
      Node leaky =
          Node.of("LeakyRelu", node.name(), List.of(x), node.outputs())
              .with("alpha", new Attribute.Float(least));
      edit.replace(node, leaky);
    } else if (most <= 1) {
      String scaled = edit.freshName(node.output() + "_scaled");
      Node max = Node.of("Max", node.name(), List.of(x, scaled), node.outputs());
      edit.add(Node.of("Mul", scaled, List.of(x, node.input(1)), List.of(scaled)));
      edit.replace(node, max);
    }
  }
}
