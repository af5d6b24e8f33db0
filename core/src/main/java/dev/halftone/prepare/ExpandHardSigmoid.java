package dev.halftone.prepare;

import dev.halftone.graph.GraphEdit;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.tensor.Tensor;
import java.util.List;

/// Writes HardSigmoid and HardSwish as the additions, clamps and products that integer kernels exist for.
///
/// HardSigmoid(x) = clip(alpha x + beta, 0, 1) = alpha clip(x + beta/alpha, 0, 1/alpha). The product with alpha costs nothing once
/// quantized: the same integers under another scale.
final class ExpandHardSigmoid implements Pass {

  @Override
  public Model apply(Model model) {
    GraphEdit edit = new GraphEdit(model.graph());
    boolean boundsAreInputs = model.opset() >= 11;
    for (Node node : model.graph().nodes()) {
      if (boundsAreInputs && node.is("HardSigmoid") && node.floatAttribute("alpha", 0.2f) > 0) {
        edit.replace(
            node,
            hardSigmoid(
                edit, node, node.floatAttribute("alpha", 0.2f), node.floatAttribute("beta", 0.5f)));
      } else if (boundsAreInputs && node.is("HardSwish")) {
        String gate = edit.freshName(node.output() + "_gate");
        Node sigmoid = Node.of("HardSigmoid", node.name(), node.inputs(), List.of(gate));
        Node[] pieces = hardSigmoid(edit, sigmoid, 1f / 6, 0.5f);
        Node product =
            Node.of(
                "Mul",
                edit.freshName(node.label() + "_product"),
                List.of(node.input(0), gate),
                node.outputs());
        edit.replace(node, pieces[0], pieces[1], pieces[2], product);
      }
    }
    return model.withGraph(edit.build());
  }

  private static Node[] hardSigmoid(GraphEdit edit, Node node, float alpha, float beta) {
    String out = node.output();
    String shifted = edit.freshName(out + "_shifted");
    String clipped = edit.freshName(out + "_clipped");
    String shift = edit.addConstant(out + "_shift", Tensor.scalar(beta / alpha));
    String zero = edit.addConstant(out + "_zero", Tensor.scalar(0));
    String top = edit.addConstant(out + "_top", Tensor.scalar(1 / alpha));
    String slope = edit.addConstant(out + "_slope", Tensor.scalar(alpha));
    return new Node[] {
      Node.of(
          "Add",
          edit.freshName(node.label() + "_shift"),
          List.of(node.input(0), shift),
          List.of(shifted)),
      Node.of(
          "Clip",
          edit.freshName(node.label() + "_clip"),
          List.of(shifted, zero, top),
          List.of(clipped)),
      Node.of("Mul", edit.freshName(node.label() + "_slope"), List.of(clipped, slope), List.of(out))
    };
  }
}
