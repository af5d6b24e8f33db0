package dev.halftone.prepare.opset;

import dev.halftone.graph.Attribute;
import dev.halftone.graph.Graph;
import dev.halftone.graph.Node;
import java.util.HashSet;
import java.util.Set;

/// The names that a graph and all its subgraphs use. ONNX lets no subgraph use a name of an outer graph for something else.
public final class Names {

  private final Set<String> taken = new HashSet<>();

  public Names(Graph graph) {
    collect(graph);
  }

  private void collect(Graph graph) {
    taken.addAll(graph.initializers().keySet());
    graph.opaque().forEach(field -> taken.add(field.name()));
    graph.inputs().forEach(value -> taken.add(value.name()));
    graph.outputs().forEach(value -> taken.add(value.name()));
    for (Node node : graph.nodes()) {
      taken.add(node.name());
      taken.addAll(node.inputs());
      taken.addAll(node.outputs());
      for (Attribute attribute : node.attributes().values()) {
        if (attribute instanceof Attribute.Subgraph(Graph body)) {
          collect(body);
        }
      }
    }
  }

  /// `wanted`, or `wanted` with a number behind it where that is taken.
  String fresh(String wanted) {
    String name = wanted;
    for (int i = 2; !taken.add(name); i++) {
      name = wanted + "_" + i;
    }
    return name;
  }
}
