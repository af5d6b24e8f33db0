package dev.halftone.plan;

import dev.halftone.form.Form;
import dev.halftone.form.IntegerProduct;
import dev.halftone.graph.Graph;
import dev.halftone.graph.Node;
import dev.halftone.scheme.Granularity;
import dev.halftone.tensor.Tensor;
import java.util.Optional;

/// A weighted operation that shall run in integers, with the clamp that follows it; or one whose weights alone are integers.
///
/// @param node Conv, Gemm or MatMul
/// @param outputAxis the axis of the weights that output channels lie along
/// @param clamp the Relu or Clip that alone reads its output
/// @param form of its weights in the file
public record Layer(Node node, int outputAxis, Optional<Node> clamp, Form form) {

  /// The name of its activations.
  public String input() {
    return node.input(0);
  }

  /// The name of its weights, an initializer.
  public String weight() {
    return node.input(1);
  }

  /// The name of its bias, an initializer.
  public Optional<String> bias() {
    return node.hasInput(2) ? Optional.of(node.input(2)) : Optional.empty();
  }

  /// The same where the clamp stands for itself.
  Layer withoutClamp() {
    return new Layer(node, outputAxis, Optional.empty(), form);
  }

  /// True where it computes with floats, and its weights alone are integers.
  public boolean isFloat() {
    return !form.readsIntegers() && !isProduct();
  }

  /// True where it makes integers of what it reads, and floats of what comes out.
  public boolean isProduct() {
    return form instanceof IntegerProduct;
  }

  /// True where it reads a tensor of integers, and makes one.
  public boolean readsIntegers() {
    return form.readsIntegers();
  }

  /// The weights that share a scale.
  public Granularity granularity() {
    return form.granularity(Granularity.perChannel(outputAxis));
  }

  /// What follows layers read: the clamp's output, or the operation's.
  public String output() {
    return clamp.orElse(node).output();
  }

  /// [output channels]; empty where the layer has none.
  public float[] biasIn(Graph graph) {
    return bias().flatMap(graph::constant).map(Tensor::toFloats).orElse(new float[0]);
  }

  /// A name that is unique in the graph: that of the operation's own output.
  public String key() {
    return node.output();
  }
}
