package dev.halftone.graph;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/// The rules that every graph between two stages keeps. Tests call it after each pass.
public final class GraphCheck {

  private GraphCheck() {}

  /// Throws IllegalStateException where a value is made twice, or read before it is made, or an output is made nowhere.
  public static Graph check(Graph graph) {
    check(graph, Optional.empty());
    return graph;
  }

  /// The values that are there, in a graph and in those around it.
  private record Known(Set<String> own, Optional<Known> outer) {
    boolean has(String value) {
      for (Optional<Known> at = Optional.of(this); at.isPresent(); at = at.get().outer) {
        if (at.get().own.contains(value)) {
          return true;
        }
      }
      return false;
    }
  }

  private static void check(Graph graph, Optional<Known> outer) {
    Known known = new Known(new HashSet<>(graph.initializers().keySet()), outer);
    graph.opaque().forEach(field -> known.own.add(field.name()));
    Set<String> made = new HashSet<>(graph.initializers().keySet());
    for (Value input : graph.inputs()) {
      known.own.add(input.name());
      made.add(input.name());
    }
    for (Node node : graph.nodes()) {
      for (String input : node.inputs()) {
        require(
            input.isEmpty() || known.has(input),
            node,
            "reads " + input + ", which nothing before it makes");
      }
      node.bodies().forEach(body -> check(body, Optional.of(known)));
      for (String output : node.outputs()) {
        require(output.isEmpty() || made.add(output), node, "makes " + output + " a second time");
        known.own.add(output);
      }
    }
    for (Value output : graph.outputs()) {
      if (!known.has(output.name())) {
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
