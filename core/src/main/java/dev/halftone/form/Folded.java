package dev.halftone.form;

import dev.halftone.graph.Node;
import dev.halftone.tensor.DType;

/// Weights that are integers in the file and floats when the network runs: a Cast and a product of constants, which a runtime folds when it
/// loads the model. A DequantizeLinear would stay before an operation without an integer kernel in ONNX Runtime, and run each time.
public record Folded() implements Form {

  static final String TEXT = "folded";

  @Override
  public boolean readsIntegers() {
    return false;
  }

  @Override
  public Node read(WeightConstants constants, Node node, int input) {
    return WeightConstants.reading(node, input, whole(constants));
  }

  @Override
  public boolean isWhole() {
    return true;
  }

  @Override
  public String whole(WeightConstants constants) {
    return constants.once(
        TEXT,
        () -> {
          String name = constants.name();
          String integers = constants.integers();
          String scale = constants.addScales();
          AddedNodes nodes = new AddedNodes(constants.edit());
          return nodes.add("Mul", name, nodes.cast(integers, DType.FLOAT, name), scale);
        });
  }

  @Override
  public String text() {
    return TEXT;
  }
}
