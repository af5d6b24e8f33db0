package dev.halftone.recipe;

import dev.halftone.graph.Node;
import java.util.Optional;

/// A maker of activations that rules speak of: an operation, or an input of the network.
///
/// @param name of the node as a reader is told it, or of the input
/// @param operation as in `MatMul`; empty for an input
public record Subject(String name, Optional<String> operation) {

  public static Subject of(Node node) {
    return new Subject(node.label(), Optional.of(node.opType()));
  }

  public static Subject ofInput(String input) {
    return new Subject(input, Optional.empty());
  }
}
