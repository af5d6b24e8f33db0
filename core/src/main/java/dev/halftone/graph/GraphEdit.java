package dev.halftone.graph;

import dev.halftone.tensor.Tensor;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// Collects changes to a graph and makes the changed graph, its nodes sorted and what nobody reads dropped.
///
/// Changes refer to nodes of the original graph by identity; they take effect in [#build].
public final class GraphEdit {

  private final Graph graph;
  private final Map<Node, List<Node>> replaced = new IdentityHashMap<>();
  private final List<Node> added = new ArrayList<>();
  private final Map<String, Tensor> initializers;
  private final Map<String, String> renamed = new LinkedHashMap<>();
  private final Names names;

  public GraphEdit(Graph graph) {
    this.graph = graph;
    this.initializers = new LinkedHashMap<>(graph.initializers());
    this.names = new Names(graph);
  }

  /// A name that nothing in the graph or its subgraphs has: `wanted`, or `wanted` with a number behind it.
  public String freshName(String wanted) {
    return names.fresh(wanted);
  }

  /// The node becomes these nodes, which together must make every output of it that is still read.
  public GraphEdit replace(Node node, Node... others) {
    replaced.put(node, List.of(others));
    return this;
  }

  public GraphEdit remove(Node node) {
    return replace(node);
  }

  public GraphEdit add(Node node) {
    added.add(node);
    return this;
  }

  /// Adds a constant under a fresh name and gives the name.
  public String addConstant(String wanted, Tensor tensor) {
    String name = freshName(wanted);
    initializers.put(name, tensor);
    return name;
  }

  /// A constant of the graph as it stands now. Throws IllegalArgumentException where there is none of this name.
  public Tensor constant(String name) {
    Tensor tensor = initializers.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException("no constant " + name);
    }
    return tensor;
  }

  /// Whoever reads `value` shall read `other` in its place: nodes (added ones too) and subgraphs, not the graph's outputs.
  public GraphEdit redirect(String value, String other) {
    renamed.put(value, other);
    return this;
  }

  /// The changed graph. Throws IllegalStateException where the changes leave a value that nobody makes, or a cycle.
  public Graph build() {
    List<Node> nodes = new ArrayList<>();
    for (Node node : graph.nodes()) {
      nodes.addAll(replaced.getOrDefault(node, List.of(node)));
    }
    nodes.addAll(added);
    Function<String, String> target = this::target;
    nodes.replaceAll(node -> Renaming.inputs(node, target));
    Graph edited =
        new Graph(
            graph.name(),
            nodes,
            initializers,
            graph.inputs(),
            graph.outputs(),
            graph.valueInfo(),
            graph.opaque());
    return Order.prune(Order.sort(edited));
  }

  private String target(String value) {
    String other = value;
    List<String> passed = new ArrayList<>();
    while (renamed.containsKey(other)) {
      if (passed.size() > renamed.size()) {
        throw new IllegalStateException("redirects of " + value + " form a cycle");
      }
      passed.add(other);
      other = renamed.get(other);
    }
    for (String name : passed) { // whoever asks next goes there at once
      renamed.put(name, other);
    }
    return other;
  }
}
