package dev.halftone.plan.rounding;

import dev.halftone.graph.Graph;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.graph.Order;
import dev.halftone.graph.TensorType;
import dev.halftone.graph.Value;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// The part of a graph between tensors that are known already and one that comes next.
///
/// @param target the tensor that it makes
/// @param feeds known tensors and model inputs that it reads
/// @param nodes in graph order
record Segment(String target, Set<String> feeds, List<Node> nodes) {

  /// What makes `target` from `known` tensors and the graph's inputs.
  static Segment between(Graph graph, Set<String> known, String target) {
    Map<String, Node> makers = new HashMap<>();
    graph.nodes().forEach(node -> node.outputs().forEach(out -> makers.put(out, node)));
    Set<Node> needed = new LinkedHashSet<>();
    Set<String> feeds = new LinkedHashSet<>();
    Set<String> seen = new LinkedHashSet<>();
    List<String> open = new ArrayList<>(List.of(target));
    while (!open.isEmpty()) {
      String value = open.removeLast();
      if (value.isEmpty() || !seen.add(value)) {
        continue;
      }
      Node maker = makers.get(value);
      if (!value.equals(target) && known.contains(value) || maker == null) {
        if (graph.constant(value).isEmpty()) {
          feeds.add(value);
        }
      } else if (needed.add(maker)) {
        open.addAll(Order.reads(maker));
      }
    }
    List<Node> nodes = graph.nodes().stream().filter(needed::contains).toList();
    return new Segment(target, feeds, nodes);
  }

  /// The segment as a model of its own; `nodes` may have been changed, and may read `further` inputs beside the feeds.
  Model model(
      Model whole, List<Node> changed, Map<String, Tensor> constants, List<String> further) {
    Graph graph = whole.graph();
    List<Value> inputs = new ArrayList<>();
    for (String feed : feeds) {
      inputs.add(declared(graph, feed));
    }
    further.forEach(name -> inputs.add(new Value(name, TensorType.ofUnknownRank(DType.FLOAT))));
    Map<String, Tensor> initializers = new HashMap<>(graph.initializers());
    further.forEach(initializers::remove);
    initializers.putAll(constants);
    List<Value> outputs = List.of(new Value(target, Optional.empty(), List.of()));
    Graph part =
        new Graph(
            target,
            changed,
            new TreeMap<>(initializers),
            inputs,
            outputs,
            List.of(),
            graph.opaque());
    return whole.withGraph(Order.prune(part));
  }

  private static Value declared(Graph graph, String feed) {
    return graph.inputs().stream()
        .filter(input -> input.name().equals(feed))
        .findFirst()
        .orElseGet(() -> new Value(feed, TensorType.ofUnknownRank(DType.FLOAT)));
  }
}
