package dev.halftone.device;

import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Node;
import dev.halftone.tensor.Tensor;
import java.util.Optional;

/// A view of the constants and readers around an operation, by which its form is judged.
public interface Surroundings {

  static Surroundings of(GraphIndex index) {
    return new Surroundings() {
      @Override
      public Optional<Tensor> constant(String name) {
        return index.constant(name);
      }

      @Override
      public boolean isRead(String value) {
        return index.isVisible(value) || !index.consumers(value).isEmpty();
      }
    };
  }

  /// The constant of this name; of one that is quantized, its integers. Empty of what is computed, and of the empty name.
  Optional<Tensor> constant(String name);

  /// True where some operation reads the value, or it leaves the network.
  boolean isRead(String value);

  /// The constant that a node reads at an input.
  default Optional<Tensor> constant(Node node, int input) {
    return constant(node.input(input));
  }

  /// True where an input is read and is not constant.
  default boolean isComputed(Node node, int input) {
    return node.hasInput(input) && constant(node, input).isEmpty();
  }
}
