package dev.halftone.prepare;

import dev.halftone.graph.Attribute;
import dev.halftone.graph.GraphEdit;
import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.graph.shape.ShapeInference;
import dev.halftone.graph.shape.Types;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/// Makes a Gemm of MatMul with constant weights `[K][N]` and the Add of a constant bias behind it, where the input has rank 2: integer kernels
/// add the bias of a Gemm in 32 bits.
public final class FuseMatMulAdd implements Pass {

  @Override
  public Model apply(Model model) {
    GraphIndex index = new GraphIndex(model.graph());
    Types types = ShapeInference.infer(model);
    GraphEdit edit = new GraphEdit(model.graph());
    boolean changed = false;
    for (Node product : model.graph().nodes()) {
      Optional<Tensor> weights =
          product.is("MatMul") ? matrix(index.constant(product.input(1))) : Optional.empty();
      Optional<Node> add =
          weights
              .filter(_ -> types.rank(product.input(0)) == 2)
              .flatMap(_ -> index.onlyConsumer(product.output()))
              .filter(node -> node.is("Add"));
      if (add.isEmpty()) {
        continue;
      }
      String other = add.get().input(add.get().input(0).equals(product.output()) ? 1 : 0);
      int columns = Math.toIntExact(weights.get().shape().dim(1));
      Optional<Tensor> bias =
          index
              .constant(other)
              .filter(tensor -> tensor.dtype() == DType.FLOAT && tensor.shape().rank() <= 2)
              .flatMap(tensor -> PlainGemm.row(tensor, columns));
      if (bias.isPresent()) {
        String name = edit.addConstant(other, bias.get());
        Node gemm =
            product
                .withInputs(List.of(product.input(0), product.input(1), name))
                .withOutputs(List.of(add.get().output()));
        edit.remove(add.get()).replace(product, asGemm(gemm));
        changed = true;
      }
    }
    return changed ? model.withGraph(edit.build()) : model;
  }

  private static Optional<Tensor> matrix(Optional<Tensor> constant) {
    return constant
        .filter(tensor -> tensor.dtype() == DType.FLOAT)
        .filter(tensor -> tensor.shape().rank() == 2);
  }

  private static Node asGemm(Node node) {
    return new Node(
        node.name(),
        "Gemm",
        "",
        node.inputs(),
        node.outputs(),
        java.util.Map.of("transB", new Attribute.Int(0)),
        node.opaque());
  }
}
