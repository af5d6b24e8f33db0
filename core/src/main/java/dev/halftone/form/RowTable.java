package dev.halftone.form;

import dev.halftone.graph.Node;
import dev.halftone.scheme.Granularity;
import dev.halftone.scheme.Multiples;
import dev.halftone.scheme.QuantizedType;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import java.util.List;
import java.util.Optional;

/// A table of which rows are read, as integers with a scale for each row. The rows that are read become float, not the table: behind a
/// DequantizeLinear ONNX Runtime would make all of it float at every run.
///
/// @param group how many neighbours of a row share a multiplier, where they have 4 bits ([PackedRows])
public record RowTable(Optional<Integer> group) implements Form {

  static final String TEXT = "rows";

  public RowTable {
    Groups.require(group);
  }

  /// A byte for each number.
  public RowTable() {
    this(Optional.empty());
  }

  @Override
  public boolean readsIntegers() {
    return false;
  }

  /// @param node a Gather
  @Override
  public Node read(WeightConstants constants, Node node, int input) {
    if (constants.weight().grid().levels() instanceof Multiples levels) {
      return new PackedRows(constants, levels).read(node);
    }
    AddedNodes nodes = new AddedNodes(constants.edit());
    String rows = node.input(1);
    String table = constants.integers();
    String scale = constants.once(TEXT, constants::addScales);
    String integers = nodes.add("Gather", node.output() + "_q", table, rows);
    String reals = nodes.cast(integers, DType.FLOAT, node.output() + "_cast");
    String scales = nodes.add("Gather", node.output() + "_scale", scale, rows);
    return Node.of("Mul", node.name(), List.of(reals, scales), node.outputs());
  }

  @Override
  public long bytes(QuantizedType type, Shape shape, Granularity granularity) {
    long scales = Float.BYTES * granularity.scales(shape).count();
    return group
        .map(size -> shape.count() / 2 + shape.count() / size / 2 + scales)
        .orElseGet(() -> Form.super.bytes(type, shape, granularity));
  }

  @Override
  public String text() {
    return Groups.text(TEXT, group);
  }
}
