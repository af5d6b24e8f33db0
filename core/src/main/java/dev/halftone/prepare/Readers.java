package dev.halftone.prepare;

import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Node;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Who makes each value of a graph and how often it is read, while nodes are replaced one after the other.
///
/// A node that nobody reads any more reads nothing itself.
final class Readers {

  private final GraphIndex index;
  private final Map<String, Node> maker = new HashMap<>();
  private final Map<String, Integer> reads = new HashMap<>();

  Readers(GraphIndex index) {
    this.index = index;
    for (Node node : index.graph().nodes()) {
      node.outputs().forEach(output -> maker.put(output, node));
      node.inputs().forEach(input -> reads.merge(input, 1, Integer::sum));
    }
  }

  Optional<Node> maker(String value) {
    return Optional.ofNullable(maker.get(value));
  }

  /// True of a value that one node reads, once, and neither a subgraph nor the caller sees.
  boolean isReadOnce(String value) {
    return reads.getOrDefault(value, 0) == 1 && !index.isVisible(value);
  }

  /// @param other makes what the node makes
  void replace(Node node, Node other) {
    other.inputs().forEach(input -> reads.merge(input, 1, Integer::sum));
    other.outputs().forEach(output -> maker.put(output, other));
    release(node);
  }

  private void release(Node node) {
    Deque<Node> gone = new ArrayDeque<>();
    gone.add(node);
    while (!gone.isEmpty()) {
      for (String input : gone.remove().inputs()) {
        Node from = input.isEmpty() ? null : maker.get(input);
        if (reads.merge(input, -1, Integer::sum) == 0
            && from != null
            && from.outputs().stream().noneMatch(this::isRead)) {
          gone.add(from);
        }
      }
    }
  }

  private boolean isRead(String value) {
    return reads.getOrDefault(value, 0) > 0 || index.isVisible(value);
  }
}
