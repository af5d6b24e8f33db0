package dev.halftone.graph;

import java.util.HashSet;
import java.util.Set;

/// The names that a graph and all its subgraphs use. ONNX lets no subgraph use a name of an outer graph for something else.
public final class Names {

  private final Set<String> taken = new HashSet<>();

  public Names(Graph graph) {
    add(graph);
  }

  public void add(Graph graph) {
    taken.addAll(graph.initializers().keySet());
    graph.opaque().forEach(field -> taken.add(field.name()));
    graph.inputs().forEach(value -> taken.add(value.name()));
    graph.outputs().forEach(value -> taken.add(value.name()));
    for (Node node : graph.nodes()) {
      taken.add(node.name());
      taken.addAll(node.inputs());
      taken.addAll(node.outputs());
      node.bodies().forEach(this::add);
    }
  }

  public boolean contains(String name) {
    return taken.contains(name);
  }

  /// `wanted`, or `wanted` with a number behind it where that is taken; it is taken from now on.
  public String fresh(String wanted) {
    return fresh(wanted, this);
  }

  /// The same for a name that is not among `others` either.
  public String fresh(String wanted, Names others) {
    String name = wanted;
    for (int i = 2; others.contains(name) || !taken.add(name); i++) {
      name = wanted + "_" + i;
    }
    return name;
  }
}
