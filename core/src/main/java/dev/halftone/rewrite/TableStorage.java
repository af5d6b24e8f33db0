package dev.halftone.rewrite;

import dev.halftone.graph.GraphEdit;
import dev.halftone.graph.Node;
import dev.halftone.plan.rounding.Nearest;
import dev.halftone.scheme.Granularity;
import dev.halftone.scheme.QuantizedType;
import dev.halftone.scheme.QuantizedWeight;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Stores tables of which rows are read as 8-bit integers with a scale for each row. The rows that are read become float, not the table:
/// behind a DequantizeLinear ONNX Runtime would make all of it float at every run.
public final class TableStorage {

  private record Stored(QuantizedWeight table, String integers, String scales) {}

  private final GraphEdit edit;
  private final ConstantNodes nodes;
  private final Map<String, Stored> stored = new HashMap<>();

  TableStorage(GraphEdit edit) {
    this.edit = edit;
    this.nodes = new ConstantNodes(edit);
  }

  /// The integers of a table.
  ///
  /// @param table [rows][columns]
  public static QuantizedWeight quantize(Tensor table) {
    return Nearest.quantize(table, Granularity.perChannel(0), QuantizedType.weight(8));
  }

  /// The node that makes of integers and scales what a Gather makes of the table.
  Node read(Node gather, Tensor table) {
    Stored parts = stored.computeIfAbsent(gather.input(0), name -> store(name, table));
    String rows = gather.input(1);
    String integers = nodes.add("Gather", gather.output() + "_q", parts.integers, rows);
    String reals = nodes.cast(integers, DType.FLOAT, gather.output() + "_cast");
    String scales = nodes.add("Gather", gather.output() + "_scale", parts.scales, rows);
    return Node.of("Mul", gather.name(), List.of(reals, scales), gather.outputs());
  }

  /// The integers of a layer as the transposed ones of a table, where they are the same: a network that reads words and scores them by one
  /// table stores it once. A runtime transposes them when it loads the model.
  ///
  /// @param wanted what they are called, or nearly
  Optional<String> transposed(QuantizedWeight weight, String wanted) {
    return stored.values().stream()
        .filter(known -> isTransposed(weight, known.table))
        .findFirst()
        .map(known -> nodes.add("Transpose", wanted, known.integers));
  }

  private static boolean isTransposed(QuantizedWeight weight, QuantizedWeight table) {
    Shape shape = weight.shape();
    if (shape.rank() != 2
        || weight.grid().axis() != 1
        || !table.shape().equals(new Shape(shape.dim(1), shape.dim(0)))
        || !weight.grid().type().equals(table.grid().type())
        || !Arrays.equals(weight.grid().scales(), table.grid().scales())) {
      return false;
    }
    int rows = (int) shape.dim(1);
    int columns = (int) shape.dim(0);
    for (int i = 0; i < table.values().length; i++) {
      if (table.values()[i] != weight.values()[i % columns * rows + i / columns]) {
        return false;
      }
    }
    return true;
  }

  private Stored store(String name, Tensor table) {
    QuantizedWeight integers = quantize(table);
    float[] scales = integers.grid().scales();
    return new Stored(
        integers,
        edit.addConstant(name + "_q", integers.integers()),
        edit.addConstant(name + "_scale", Tensor.of(new Shape(scales.length, 1), scales)));
  }
}
