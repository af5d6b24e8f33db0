package dev.halftone.plan;

import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Node;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Tensor;
import java.util.Optional;

/// Products with one positive number: on integers they are the same integers under another scale, and cost nothing.
final class Scaling {

  private Scaling() {}

  /// The number that a Mul multiplies its other operand with; empty for everything else.
  static Optional<Float> factor(Node node, GraphIndex index) {
    if (!node.is("Mul")) {
      return Optional.empty();
    }
    Optional<Float> first = number(index.constant(node.input(0)));
    Optional<Float> second = number(index.constant(node.input(1)));
    return first.isPresent() == second.isPresent() ? Optional.empty() : first.or(() -> second);
  }

  private static Optional<Float> number(Optional<Tensor> constant) {
    return constant
        .filter(tensor -> tensor.dtype() == DType.FLOAT && tensor.count() == 1)
        .map(tensor -> tensor.toFloats()[0])
        .filter(value -> value > 1e-6f && value < 1e6f);
  }
}
