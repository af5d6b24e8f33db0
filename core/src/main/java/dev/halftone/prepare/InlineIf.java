package dev.halftone.prepare;

import dev.halftone.engine.Backend;
import dev.halftone.graph.Attribute;
import dev.halftone.graph.Graph;
import dev.halftone.graph.Model;
import dev.halftone.graph.Names;
import dev.halftone.graph.Node;
import dev.halftone.graph.Order;
import dev.halftone.graph.Renaming;
import dev.halftone.graph.Value;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/// Puts the branch that is always taken in the place of an If whose condition is constant, so that its operations are like all
/// others. What the branch makes constant is folded, so that conditions which hang on it are decided too.
///
/// @param runtime evaluates what is constant
record InlineIf(Backend runtime) implements Pass {

  private static final int MAX_DEPTH = 64;

  @Override
  public Model apply(Model model) {
    Model inlined = model;
    for (int depth = 0; depth < MAX_DEPTH; depth++) {
      Optional<Graph> next = once(inlined.graph());
      if (next.isEmpty()) {
        return inlined;
      }
      Model lifted = new LiftConstants().apply(inlined.withGraph(next.get()));
      Model checked = new CheckSizes().apply(new CheckWeights().apply(lifted));
      inlined = new FoldConstants(runtime).apply(checked);
    }
    return inlined;
  }

  /// The graph with every If of the main graph decided that can be; empty where none can.
  private static Optional<Graph> once(Graph graph) {
    if (graph.nodes().stream().allMatch(node -> branch(node, graph).isEmpty())) {
      return Optional.empty();
    }
    Inlining inlining = new Inlining(graph);
    for (Node node : graph.nodes()) {
      Optional<Graph> branch = branch(node, graph);
      if (branch.isPresent()) {
        inlining.put(node, branch.get());
      } else {
        inlining.nodes.add(node);
      }
    }
    return Optional.of(inlining.graph());
  }

  /// The branch that is always taken. One with sparse or text constants stays where it is.
  private static Optional<Graph> branch(Node node, Graph graph) {
    if (!node.is("If")) {
      return Optional.empty();
    }
    return graph
        .constant(node.input(0))
        .filter(condition -> condition.dtype() == DType.BOOL && condition.count() == 1)
        .map(condition -> condition.toLongs()[0] != 0 ? "then_branch" : "else_branch")
        .map(name -> node.attributes().get(name))
        .filter(Attribute.Subgraph.class::isInstance)
        .map(attribute -> ((Attribute.Subgraph) attribute).value())
        .filter(body ->
            body.inputs().isEmpty()
                && body.outputs().size() == node.outputs().size()
                && body.opaque().stream().allMatch(field -> field.name().isEmpty()));
  }

  private static final class Inlining {

    private final Graph graph;
    private final List<Node> nodes = new ArrayList<>();
    private final Map<String, Tensor> constants;
    private final List<Value> valueInfo;
    private final Names taken;
    private final Set<String> nodeNames = new HashSet<>();

    Inlining(Graph graph) {
      this.graph = graph;
      this.constants = new LinkedHashMap<>(graph.initializers());
      this.valueInfo = new ArrayList<>(graph.valueInfo());
      List<Node> kept = new ArrayList<>(); // what is inlined frees the names in its branches
      for (Node node : graph.nodes()) {
        nodeNames.add(node.name());
        kept.add(branch(node, graph).isEmpty() ? node : node.withAttributes(Map.of()));
      }
      this.taken = new Names(graph.withNodes(kept));
    }

    /// The branch in the place of the node.
    void put(Node node, Graph branch) {
      Names own = new Names(branch);
      Set<String> made = new LinkedHashSet<>();
      branch.nodes().forEach(inner -> made.addAll(inner.outputs()));
      Map<String, String> renamed = new HashMap<>();
      List<Node> copies = new ArrayList<>();
      for (int i = 0; i < node.outputs().size(); i++) {
        String inside = branch.outputs().get(i).name();
        String outside = node.outputs().get(i);
        if (outside.isEmpty()) {
          continue;
        }
        // a name that a nested subgraph has for a value of its own would hide the output from it
        boolean hidden = own.contains(outside) && !outside.equals(inside);
        if (made.contains(inside) && !renamed.containsKey(inside) && !hidden) {
          renamed.put(inside, outside);
        } else {
          copies.add(
              Node.of(
                  "Identity",
                  taken.fresh(node.label() + "_copy", own),
                  List.of(inside),
                  List.of(outside)));
        }
      }
      made.remove("");
      made.addAll(branch.initializers().keySet());
      for (String name : made) {
        renamed.computeIfAbsent(name, _ -> taken.contains(name) ? taken.fresh(name, own) : name);
      }
      taken.add(branch);
      UnaryOperator<String> name = value -> renamed.getOrDefault(value, value);
      branch.initializers().forEach((key, tensor) -> constants.put(name.apply(key), tensor));
      branch.nodes().forEach(inner -> nodes.add(nodeOnce(named(inner, name))));
      copies.forEach(copy -> nodes.add(Renaming.inputs(copy, name)));
      branch.valueInfo().stream()
          .filter(value -> made.contains(value.name()))
          .forEach(value ->
              valueInfo.add(new Value(name.apply(value.name()), value.type(), value.opaque())));
    }

    private static Node named(Node node, UnaryOperator<String> name) {
      return Renaming.inputs(
          node.withOutputs(node.outputs().stream().map(name).toList()), name::apply);
    }

    /// Under a name that no other node has: runtimes refuse two of one name.
    private Node nodeOnce(Node node) {
      String name = node.name();
      for (int i = 2; !name.isEmpty() && !nodeNames.add(name); i++) {
        name = node.name() + "_" + i;
      }
      return node.withName(name);
    }

    Graph graph() {
      return Order.prune(
          new Graph(
              graph.name(),
              nodes,
              constants,
              graph.inputs(),
              graph.outputs(),
              valueInfo,
              graph.opaque()));
    }
  }
}
