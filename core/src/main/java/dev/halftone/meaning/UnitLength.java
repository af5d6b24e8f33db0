package dev.halftone.meaning;

import dev.halftone.graph.Node;
import java.util.Optional;
import java.util.Set;

/// The operations that bring vectors to length 1: LpNormalization, or a division by the root of the sum of their squares.
record UnitLength(Origins origins) {

  /// Operations that hold a length off zero, or make it of its square.
  private static final Set<String> HOLDS = Set.of("Clip", "Max", "Add", "Sqrt", "Pow");

  /// True of the last of them.
  boolean isMadeBy(Node node) {
    return node.is("LpNormalization") || (node.is("Div") && isLength(node.input(1)));
  }

  private boolean isLength(String value) {
    return new WalkBack(origins::last, Integer.MAX_VALUE)
        .reaches(value, this::isRoot, node -> HOLDS.contains(node.operation()));
  }

  private boolean isRoot(Node node) {
    return node.is("ReduceL2") || (node.is("Sqrt") && isSumOfSquares(node.input(0)));
  }

  private boolean isSumOfSquares(String value) {
    Optional<Node> sum = origins.last(value);
    while (sum.isPresent()
        && (sum.get().is("Add") || sum.get().is("Clip") || sum.get().is("Max"))) {
      sum = origins.last(sum.get().input(0));
    }
    return sum.map(node ->
            node.is("ReduceSumSquare")
                || (node.is("ReduceSum")
                    && origins
                        .last(node.input(0))
                        .filter(square -> square.is("Pow") || square.is("Mul"))
                        .isPresent()))
        .orElse(false);
  }
}
