package dev.halftone.rewrite;

import dev.halftone.graph.Attribute;
import dev.halftone.graph.Graph;
import dev.halftone.graph.GraphEdit;
import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Node;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/// Writes the additions, clamps and products that a hard sigmoid or hard swish was made of as HardSigmoid again, where they stayed float:
/// `clip(x + b, 0, t) / t`, and `y clip(x + b, 0, t) / t`. ONNX Runtime makes hard swish part of the convolution before it, and passes over
/// the tensor once in place of five times. The reverse of `dev.halftone.prepare.ExpandHardSigmoid`.
final class ContractHardSigmoid {

  /// How far a factor may be from 1, by rounding of 1/t.
  private static final double SLACK = 1e-6;

  private final GraphIndex index;
  private final GraphEdit edit;

  private ContractHardSigmoid(Graph graph) {
    this.index = new GraphIndex(graph);
    this.edit = new GraphEdit(graph);
  }

  static Graph apply(Graph graph) {
    if (graph.nodes().stream().noneMatch(node -> node.is("Clip"))) {
      return graph;
    }
    ContractHardSigmoid pass = new ContractHardSigmoid(graph);
    graph.nodes().stream().filter(node -> node.is("Clip")).forEach(pass::contract);
    return pass.edit.build();
  }

  private void contract(Node clip) {
    Optional<Node> sum =
        index
            .producer(clip.input(0))
            .filter(node -> node.is("Add") && index.onlyConsumer(node.output()).isPresent());
    Optional<Float> shift = sum.flatMap(this::operand);
    Optional<Float> top = clip.hasInput(2) ? scalar(clip.input(2)) : Optional.empty();
    boolean fromZero =
        clip.hasInput(1) && scalar(clip.input(1)).filter(low -> low == 0).isPresent();
    if (shift.isEmpty() || !fromZero || top.filter(high -> high > 0).isEmpty()) {
      return;
    }
    float high = top.get();
    Node sigmoid =
        Node.of("HardSigmoid", clip.name(), List.of(other(sum.get())), List.of(clip.output()))
            .with("alpha", new Attribute.Float(1 / high))
            .with("beta", new Attribute.Float(shift.get() / high));
    Optional<Node> product = index.onlyConsumer(clip.output()).filter(node -> node.is("Mul"));
    if (product.filter(node -> undoes(node, high)).isPresent()) {
      edit.remove(sum.get());
      edit.remove(product.get());
      edit.replace(clip, sigmoid.withOutputs(product.get().outputs()));
      return;
    }
    Optional<Node> scaled =
        product
            .filter(node -> operand(node).isEmpty())
            .flatMap(node -> index.onlyConsumer(node.output()))
            .filter(node -> undoes(node, high));
    if (scaled.isPresent()) {
      edit.remove(sum.get());
      edit.remove(scaled.get());
      edit.replace(clip, sigmoid);
      edit.replace(product.get(), product.get().withOutputs(scaled.get().outputs()));
    }
  }

  /// True of a product with 1/t.
  private boolean undoes(Node node, float top) {
    return node.is("Mul")
        && operand(node).filter(factor -> Math.abs((double) factor * top - 1) < SLACK).isPresent();
  }

  /// The number that is one of two operands.
  private Optional<Float> operand(Node node) {
    return scalar(node.input(0)).or(() -> scalar(node.input(1)));
  }

  /// What such a number is added to.
  private String other(Node node) {
    return scalar(node.input(0)).isPresent() ? node.input(1) : node.input(0);
  }

  private Optional<Float> scalar(String value) {
    return index
        .constant(value)
        .filter(tensor ->
            tensor.dtype() == DType.FLOAT && tensor.count() == 1 && tensor.shape().rank() <= 1)
        .map(Tensor::toFloats)
        .map(values -> values[0]);
  }
}
