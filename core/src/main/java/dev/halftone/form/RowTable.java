package dev.halftone.form;

import dev.halftone.graph.Node;
import dev.halftone.tensor.DType;
import java.util.List;

/// A table of which rows are read, as integers with a scale for each row. The rows that are read become float, not the table: behind a
/// DequantizeLinear ONNX Runtime would make all of it float at every run.
public record RowTable() implements Form {

  static final String TEXT = "rows";

  @Override
  public boolean readsIntegers() {
    return false;
  }

  /// @param node a Gather
  @Override
  public Node read(WeightConstants constants, Node node, int input) {
    ConstantNodes nodes = new ConstantNodes(constants.edit());
    String rows = node.input(1);
    String table = constants.integers();
    String scale = constants.once(TEXT, constants::addScales);
    String integers = nodes.add("Gather", node.output() + "_q", table, rows);
    String reals = nodes.cast(integers, DType.FLOAT, node.output() + "_cast");
    String scales = nodes.add("Gather", node.output() + "_scale", scale, rows);
    return Node.of("Mul", node.name(), List.of(reals, scales), node.outputs());
  }

  @Override
  public String text() {
    return TEXT;
  }
}
