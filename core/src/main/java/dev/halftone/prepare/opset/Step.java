package dev.halftone.prepare.opset;

import dev.halftone.graph.Node;
import java.util.List;

/// A rule that writes a node of one operation as `version` has it, given how it was written in the version before.
///
/// @param op operation of the standard domain
/// @param version the opset that brought the change
public record Step(String op, long version, Rewrite rewrite) {

  @FunctionalInterface
  public interface Rewrite {

    /// Nodes, valid in the step's version, that make every read output of `node` with the same values.
    List<Node> apply(Node node, Scope scope);

    /// The rewrite of a node by one other node.
    static Rewrite one(One one) {
      return (node, scope) -> List.of(one.apply(node, scope));
    }
  }

  @FunctionalInterface
  public interface One {
    Node apply(Node node, Scope scope);
  }

  static Step of(String op, long version, One one) {
    return new Step(op, version, Rewrite.one(one));
  }
}
