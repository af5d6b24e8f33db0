package dev.halftone.form;

import dev.halftone.graph.Node;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
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
    String scale = constants.once(TEXT, () -> scales(constants));
    String integers = nodes.add("Gather", node.output() + "_q", table, rows);
    String reals = nodes.cast(integers, DType.FLOAT, node.output() + "_cast");
    String scales = nodes.add("Gather", node.output() + "_scale", scale, rows);
    return Node.of("Mul", node.name(), List.of(reals, scales), node.outputs());
  }

  private static String scales(WeightConstants constants) {
    Shape shape = constants.weight().grid().granularity().scales(constants.weight().shape());
    return constants
        .edit()
        .addConstant(
            constants.name() + "_scale", Tensor.of(shape, constants.weight().grid().scales()));
  }

  @Override
  public String text() {
    return TEXT;
  }
}
