package dev.halftone.graph;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;

/// The values of the outer graph that the subgraphs of a node (bodies of If, Loop, Scan) read.
public final class Captures {

  private Captures() {}

  public static Set<String> of(Node node) {
    Set<String> captured = new LinkedHashSet<>();
    node.bodies().forEach(body -> collect(body, captured));
    return captured;
  }

  private static void collect(Graph body, Set<String> captured) {
    Set<String> own = new HashSet<>(body.initializers().keySet());
    body.inputs().forEach(value -> own.add(value.name()));
    body.opaque().forEach(field -> own.add(field.name()));
    for (Node node : body.nodes()) {
      for (String input : node.inputs()) {
        if (!input.isEmpty() && !own.contains(input)) {
          captured.add(input);
        }
      }
      for (String inner : of(node)) {
        if (!own.contains(inner)) {
          captured.add(inner);
        }
      }
      own.addAll(node.outputs());
    }
    for (Value output : body.outputs()) {
      if (!own.contains(output.name())) {
        captured.add(output.name());
      }
    }
  }
}
