package dev.halftone.form;

import dev.halftone.graph.Attribute;
import dev.halftone.graph.Node;
import java.util.ArrayList;
import java.util.List;

/// Weights behind DequantizeLinear beside activations that are integers too: a runtime computes with both as integers.
public record StaticIntegers() implements Form {

  static final String TEXT = "static";

  @Override
  public boolean readsIntegers() {
    return true;
  }

  @Override
  public Node read(WeightConstants constants, Node node, int input) {
    return WeightConstants.reading(
        node, input, constants.once(TEXT, () -> dequantized(constants, node)));
  }

  /// The zero points of symmetric weights are spelled out but for Conv: ONNX Runtime's Gemm stays float without them where there is a scale
  /// for each output (1.29, 1.32), or fails when it runs (1.20).
  private static String dequantized(WeightConstants constants, Node node) {
    List<String> reads = new ArrayList<>(List.of(constants.integers(), constants.scale()));
    if (!node.is("Conv")) {
      reads.add(constants.zeros());
    }
    int axis = constants.weight().grid().axis();
    Node dequantize = Node.of("DequantizeLinear", "", reads, List.of());
    return constants.add(
        axis == 1
            ? dequantize
            : dequantize.with("axis", new Attribute.Int(axis)), // 1 is the default
        constants.name());
  }

  @Override
  public String text() {
    return TEXT;
  }
}
