package dev.halftone.format.onnx;

import dev.halftone.graph.Attribute;
import dev.halftone.graph.Graph;
import dev.halftone.graph.GraphCheck;
import dev.halftone.graph.Node;
import dev.halftone.graph.Order;
import java.util.List;

/// Sees to it that the nodes of a graph that was read can run in their order, as the specification asks of a file.
final class GraphOrder {

  private GraphOrder() {}

  /// The graph, sorted only where it must be. Throws IllegalStateException where no order will do.
  static Graph checked(Graph graph) {
    try {
      return GraphCheck.check(graph);
    } catch (IllegalStateException unsorted) {
      return GraphCheck.check(sorted(graph));
    }
  }

  /// Bodies first: what a body reads from outside is known only once it is sorted.
  private static Graph sorted(Graph graph) {
    List<Node> nodes = graph.nodes().stream().map(GraphOrder::withSortedBodies).toList();
    return Order.sort(graph.withNodes(nodes));
  }

  private static Node withSortedBodies(Node node) {
    Node sorted = node;
    for (var entry : node.attributes().entrySet()) {
      if (entry.getValue() instanceof Attribute.Subgraph(Graph body)) {
        sorted = sorted.with(entry.getKey(), new Attribute.Subgraph(sorted(body)));
      }
    }
    return sorted;
  }
}
