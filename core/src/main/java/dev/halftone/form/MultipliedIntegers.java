package dev.halftone.form;

import dev.halftone.graph.GraphEdit;
import dev.halftone.scheme.Multiples;
import dev.halftone.scheme.QuantizedWeight;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.function.Function;

/// Writes integers that are few bits times a multiplier for some neighbours, and the nodes of constants that multiply them, which a
/// runtime folds when it loads the model.
record MultipliedIntegers(GraphEdit edit, SharedConstants shared) {

  /// Bytes of the nodes and of their names.
  private static final long NODES = 8 * 35;

  /// About the bytes of the multipliers of so many weights and of the nodes.
  static long bytes(long count, int size) {
    return count / size / 2 + NODES;
  }

  /// The name of an INT8 value of the weights' shape.
  ///
  /// @param storing adds the integers before they are multiplied, and gives the name of an INT8 value of them
  String add(
      String name,
      String unpacked,
      QuantizedWeight weight,
      Multiples levels,
      Function<QuantizedWeight, String> storing) {
    AddedNodes nodes = new AddedNodes(edit);
    Multiples.Parts parts = levels.parts(weight.values(), weight.shape(), weight.grid().axis());
    boolean outputsFirst = weight.grid().axis() == 0;
    long rows = weight.shape().dim(0);
    long columns = weight.shape().dim(1);
    long size = levels.size();
    Shape groups =
        outputsFirst ? new Shape(rows, columns / size, 1) : new Shape(rows / size, 1, columns);
    Shape cut =
        outputsFirst
            ? new Shape(rows, columns / size, size)
            : new Shape(rows / size, size, columns);
    QuantizedWeight few =
        new QuantizedWeight(
            weight.shape(), weight.grid().withType(levels.steps()), parts.integers());
    String integers = nodes.cast(storing.apply(few), DType.INT32, unpacked + "_steps");
    String multipliers =
        nodes.cast(
            edit.addConstant(
                name + "_times",
                new Tensor(
                    DType.UINT4,
                    groups,
                    new BitPlane(4, 0, false).pack(parts.multipliers()).data())),
            DType.INT32,
            unpacked + "_times");
    String apart = nodes.add("Reshape", unpacked + "_groups", integers, shape(cut));
    String product = nodes.add("Mul", unpacked + "_product", apart, multipliers);
    String whole = nodes.add("Reshape", unpacked + "_whole", product, shape(weight.shape()));
    return nodes.cast(whole, DType.INT8, unpacked);
  }

  private String shape(Shape shape) {
    return shared.add("shape", Tensor.vector(shape.dims()));
  }
}
