package dev.halftone.form;

import dev.halftone.graph.Node;
import dev.halftone.scheme.Granularity;
import dev.halftone.scheme.QuantizedType;
import dev.halftone.tensor.Shape;
import java.util.Optional;

/// Weights of a matrix that a product of integers reads as they stand: ONNX `MatMulInteger`. What the product reads becomes integers where
/// it stands ([ProductInput]), and what it makes is float, so that all around it computes with floats.
///
/// @param group how many weights of an output share a multiplier, where they have fewer than 8 bits ([dev.halftone.scheme.Multiples])
public record IntegerProduct(Optional<Integer> group) implements Form {

  static final String TEXT = "product";

  public IntegerProduct {
    Groups.require(group);
  }

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
  public long bytes(QuantizedType type, Shape shape, Granularity granularity) {
    long plain = Form.super.bytes(type, shape, granularity);
    return type.bits() < 8
        ? plain + group.map(size -> MultipliedIntegers.bytes(shape.count(), size)).orElse(0L)
        : plain;
  }

  @Override
  public String text() {
    return Groups.text(TEXT, group);
  }
}
