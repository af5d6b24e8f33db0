package dev.halftone.prepare;

import dev.halftone.graph.GraphEdit;
import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// Writes the subtraction of a constant as an addition and the division by one as a product: integer kernels exist for those.
final class AddForSub implements Pass {

  @Override
  public Model apply(Model model) {
    GraphIndex index = new GraphIndex(model.graph());
    GraphEdit edit = new GraphEdit(model.graph());
    for (Node node : model.graph().nodes()) {
      if (node.is("Sub")) {
        rewrite(edit, index, node, "Add", value -> -value);
      } else if (node.is("Div")) {
        rewrite(edit, index, node, "Mul", value -> 1 / value);
      }
    }
    return model.withGraph(edit.build());
  }

  private static void rewrite(
      GraphEdit edit, GraphIndex index, Node node, String op, UnaryOperator<Float> inverse) {
    Optional<Tensor> operand =
        index.constant(node.input(1)).filter(tensor -> tensor.dtype() == DType.FLOAT);
    if (operand.isEmpty() || index.constant(node.input(0)).isPresent()) {
      return;
    }
    float[] values = operand.get().toFloats();
    for (int i = 0; i < values.length; i++) {
      values[i] = inverse.apply(values[i]);
      if (!Float.isFinite(values[i])) {
        return;
      }
    }
    String other =
        edit.addConstant(node.input(1) + "_inverse", Tensor.of(operand.get().shape(), values));
    edit.replace(
        node,
        new Node(
            node.name(),
            op,
            "",
            List.of(node.input(0), other),
            node.outputs(),
            node.attributes(),
            node.opaque()));
  }
}
