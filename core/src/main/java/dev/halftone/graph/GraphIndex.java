package dev.halftone.graph;

import dev.halftone.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Who makes and who reads each value of a graph. Built once per graph, which never changes.
public final class GraphIndex {

  private final Graph graph;
  private final Map<String, Node> producer = new HashMap<>();
  private final Map<String, List<Node>> consumers = new HashMap<>();
  private final Set<String> captured = new LinkedHashSet<>();
  private final Set<String> outputs = new LinkedHashSet<>();
  private final Set<String> inputs = new HashSet<>();

  public GraphIndex(Graph graph) {
    this.graph = graph;
    for (Node node : graph.nodes()) {
      for (String output : node.outputs()) {
        if (!output.isEmpty()) {
          producer.put(output, node);
        }
      }
      for (String input : node.inputs()) {
        if (!input.isEmpty()) {
          consumers.computeIfAbsent(input, _ -> new ArrayList<>()).add(node);
        }
      }
      captured.addAll(Captures.of(node));
    }
    graph.outputs().forEach(value -> outputs.add(value.name()));
    graph.inputs().forEach(value -> inputs.add(value.name()));
  }

  public Graph graph() {
    return graph;
  }

  /// The node that makes this value; empty for inputs and initializers.
  public Optional<Node> producer(String value) {
    return Optional.ofNullable(producer.get(value));
  }

  /// The nodes that read this value, in graph order; a node that reads it twice stands twice.
  public List<Node> consumers(String value) {
    return consumers.getOrDefault(value, List.of());
  }

  /// The one node that reads this value, where it is read once and is neither an output nor seen by a subgraph.
  public Optional<Node> onlyConsumer(String value) {
    List<Node> readers = consumers(value);
    return readers.size() == 1 && !isVisible(value)
        ? Optional.of(readers.getFirst())
        : Optional.empty();
  }

  public boolean isOutput(String value) {
    return outputs.contains(value);
  }

  /// True where the value must keep its name: an output of the graph, or read inside the subgraph of some node.
  public boolean isVisible(String value) {
    return outputs.contains(value) || captured.contains(value);
  }

  /// As [Graph#constant].
  public Optional<Tensor> constant(String value) {
    return inputs.contains(value)
        ? Optional.empty()
        : Optional.ofNullable(graph.initializers().get(value));
  }
}
