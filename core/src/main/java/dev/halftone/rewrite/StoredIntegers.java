package dev.halftone.rewrite;

import dev.halftone.graph.Graph;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.graph.shape.ShapeInference;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Tensor;
import java.util.HashSet;
import java.util.Set;

/// Finds constants that a file holds as integers of a byte or less and that a Cast and a product with constant scales make float when it
/// runs: weights and tables without a DequantizeLinear.
public final class StoredIntegers {

  /// What unpacks integers and reads rows of them.
  private static final Set<String> UNPACKING =
      Set.of("Gather", "Reshape", "Slice", "BitwiseOr", "Transpose", "Squeeze", "Unsqueeze");

  /// Values that are such integers, or are read from them.
  private final Set<String> integers = new HashSet<>();

  /// Float values that are made of integers and not scaled yet.
  private final Set<String> unscaled = new HashSet<>();

  /// Float constants, and rows that are read from them.
  private final Set<String> scales = new HashSet<>();

  private StoredIntegers(Graph graph) {
    graph.initializers().forEach(this::constant);
  }

  public static boolean areIn(Model model) {
    StoredIntegers stored = new StoredIntegers(model.graph());
    return model.graph().nodes().stream().anyMatch(stored::scales);
  }

  private void constant(String name, Tensor value) {
    if (value.dtype().isFloat()) {
      scales.add(name);
    } else if (value.dtype().isInteger() && value.dtype().bits() <= 8 && value.count() > 1) {
      integers.add(name);
    }
  }

  /// True of a node that scales integers. Looks at nodes in the order of the graph.
  private boolean scales(Node node) {
    ShapeInference.constant(node).ifPresent(value -> constant(node.output(), value));
    if (node.is("Cast")) {
      cast(node);
    } else if (UNPACKING.contains(node.opType())) {
      if (node.inputs().stream().anyMatch(integers::contains)) {
        integers.add(node.output());
      }
      if (scales.contains(node.input(0))) {
        scales.add(node.output());
      }
    } else if (node.is("Sub") && unscaled.contains(node.input(0))) {
      unscaled.add(node.output());
    }
    return node.is("Mul")
        && (unscaled.contains(node.input(0)) && scales.contains(node.input(1))
            || unscaled.contains(node.input(1)) && scales.contains(node.input(0)));
  }

  private void cast(Node node) {
    if (integers.contains(node.input(0))) {
      DType to = DType.ofCode((int) node.intAttribute("to", 0));
      (to != null && to.isFloat() ? unscaled : integers).add(node.output());
    }
  }
}
