package dev.halftone.form;

import dev.halftone.graph.Node;

/// Weights of a matrix that a product of integers reads as they stand: ONNX `MatMulInteger`. What the product reads becomes integers where
/// it stands ([ProductInput]), and what it makes is float, so that all around it computes with floats.
public record IntegerProduct() implements Form {

  static final String TEXT = "product";

  /// True of an operation that this form can stand for: a MatMul, or a Gemm that only multiplies and adds a bias.
  public static boolean takes(Node node) {
    return node.is("MatMul")
        || node.is("Gemm")
            && node.intAttribute("transA", 0) == 0
            && node.floatAttribute("alpha", 1) == 1
            && node.floatAttribute("beta", 1) == 1;
  }

  @Override
  public boolean readsIntegers() {
    return false;
  }

  /// The same operation on floats, for where what it reads is not rounded.
  @Override
  public Node read(WeightConstants constants, Node node, int input) {
    return new Folded().read(constants, node, input);
  }

  @Override
  public String text() {
    return TEXT;
  }
}
