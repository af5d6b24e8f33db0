package dev.halftone.device;

import dev.halftone.graph.Node;
import java.util.Optional;

/// Tells why operations inside the branches and bodies of a node stay float.
final class InsideBodies {

  private InsideBodies() {}

  /// In words that follow the node's name; empty where the node has no body.
  static Optional<String> reason(Node node) {
    if (node.bodies().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        node.is("If")
            ? "its branches stay float: which one runs is decided at run time"
            : "its body stays float with all that it holds");
  }
}
