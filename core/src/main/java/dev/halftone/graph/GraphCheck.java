package dev.halftone.graph;

import java.util.HashSet;
import java.util.Set;

/// The rules that every graph between two stages keeps. Tests call it after each pass.
public final class GraphCheck {

  private GraphCheck() {}

  /// Throws IllegalStateException where a value is made twice, or read before it is made, or an output is made nowhere.
  public static Graph check(Graph graph) {
    check(graph, Set.of());
    return graph;
  }

  private static void check(Graph graph, Set<String> outer) {
    Set<String> known = new HashSet<>(outer);
    known.addAll(graph.initializers().keySet());
    graph.opaque().forEach(field -> known.add(field.name()));
    Set<String> made = new HashSet<>(graph.initializers().keySet());
    for (Value input : graph.inputs()) {
      known.add(input.name());
      made.add(input.name());
    }
    for (Node node : graph.nodes()) {
      for (String input : node.inputs()) {
        require(
            input.isEmpty() || known.contains(input),
            node,
            "reads " + input + ", which nothing before it makes");
      }
      for (Attribute attribute : node.attributes().values()) {
        if (attribute instanceof Attribute.Subgraph(Graph body)) {
          check(body, known);
        }
      }
      for (String output : node.outputs()) {
        require(output.isEmpty() || made.add(output), node, "makes " + output + " a second time");
        known.add(output);
      }
    }
    for (Value output : graph.outputs()) {
      if (!known.contains(output.name())) {
        throw new IllegalStateException(
            "output " + output.name() + " of graph " + graph.name() + " is made nowhere");
      }
    }
  }

  private static void require(boolean holds, Node node, String what) {
    if (!holds) {
      throw new IllegalStateException(node.opType() + " node " + node.label() + " " + what);
    }
  }
}
