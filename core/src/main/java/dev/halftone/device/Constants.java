package dev.halftone.device;

import dev.halftone.graph.Node;
import dev.halftone.tensor.Tensor;
import java.util.Optional;

/// The constants that an operation's form is judged by.
@FunctionalInterface
public interface Constants {

  /// The constant of this name; of one that is quantized, its integers. Empty of what is computed, and of the empty name.
  Optional<Tensor> of(String name);

  /// The constant that a node reads at an input.
  default Optional<Tensor> of(Node node, int input) {
    return of(node.input(input));
  }

  /// True where an input is read and is not constant.
  default boolean isComputed(Node node, int input) {
    return node.hasInput(input) && of(node, input).isEmpty();
  }
}
