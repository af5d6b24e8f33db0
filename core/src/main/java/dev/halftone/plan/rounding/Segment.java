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

  /// The segment as a model of its own: tensors that are stored in some form come in and go out in that form, and the target goes out
  /// as floats too.
  ///
  /// @param changed the nodes in the form they have now
  /// @param constants what they read beside the graph's constants
  /// @param further inputs that they read beside the feeds, FLOAT
  /// @param forms of the feeds and of the target; what is missing comes as the model declares it and is not stored
  Model model(
      Model whole,
      List<Node> changed,
      Map<String, Tensor> constants,
      List<String> further,
      Map<String, ActivationStorage> forms) {
    Graph graph = whole.graph();
    Map<String, Tensor> initializers = new TreeMap<>(graph.initializers());
    further.forEach(initializers::remove);
    initializers.putAll(constants);
    List<Value> inputs = new ArrayList<>();
    List<Node> nodes = new ArrayList<>();
    for (String feed : feeds) {
      ActivationStorage form = forms.get(feed);
      if (form == null) {
        inputs.add(declared(graph, feed));
      } else {
        inputs.add(new Value(ActivationStorage.name(feed), form.type()));
        nodes.add(form.load(feed, initializers));
      }
    }
    further.forEach(name -> inputs.add(new Value(name, TensorType.ofUnknownRank(DType.FLOAT))));
    nodes.addAll(changed);
    List<Value> outputs = new ArrayList<>(List.of(new Value(target, Optional.empty(), List.of())));
    ActivationStorage form = forms.get(target);
    if (form != null) {
      nodes.addAll(form.save(target, initializers));
      outputs.add(new Value(ActivationStorage.name(target), Optional.empty(), List.of()));
    }
    Graph part = new Graph(target, nodes, initializers, inputs, outputs, List.of(), graph.opaque());
    return whole.withGraph(Order.prune(part));
  }

  private static Value declared(Graph graph, String feed) {
    return graph.inputs().stream()
        .filter(input -> input.name().equals(feed))
        .findFirst()
        .orElseGet(() -> new Value(feed, TensorType.ofUnknownRank(DType.FLOAT)));
  }
}
