package dev.halftone.prepare;

import static java.util.Objects.requireNonNull;

import dev.halftone.engine.Backend;
import dev.halftone.graph.Attribute;
import dev.halftone.graph.Captures;
import dev.halftone.graph.Graph;
import dev.halftone.graph.Model;
import dev.halftone.graph.Names;
import dev.halftone.graph.Node;
import dev.halftone.graph.Renaming;
import dev.halftone.graph.Value;
import dev.halftone.graph.shape.ShapeInference;
import dev.halftone.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Moves the matrices that branches and bodies hold to the main graph, under names of their own: a branch reads what stands outside, so
/// nothing changes but that all weights stand in one place. What only cuts or turns them is computed there, too.
///
/// @param runtime computes it
record LiftBodyWeights(Backend runtime) implements Pass {

  /// What makes constants of constants where weights are stored otherwise than they are read.
  private static final Set<String> MOVES =
      Set.of(
          "Cast",
          "Concat",
          "Identity",
          "Reshape",
          "Slice",
          "Split",
          "Squeeze",
          "Transpose",
          "Unsqueeze");

  @Override
  public Model apply(Model model) {
    if (model.graph().nodes().stream().allMatch(node -> node.bodies().isEmpty())) {
      return model;
    }
    Lifting lifting = new Lifting(model.graph());
    Model lifted = model.withGraph(lifting.apply());
    return lifting.moves.isEmpty() ? lifted : new FoldConstants(runtime).apply(lifted);
  }

  private static final class Lifting {

    private final Graph graph;
    private final Names names;
    private final Map<String, Tensor> initializers;
    private final List<Node> moves = new ArrayList<>();

    /// Matrices, and what is made of them.
    private final Set<String> lifted = new HashSet<>();

    Lifting(Graph graph) {
      this.graph = graph;
      this.names = new Names(graph);
      this.initializers = new LinkedHashMap<>(graph.initializers());
    }

    Graph apply() {
      List<Node> nodes = graph.nodes().stream().map(this::outside).toList();
      List<Node> all = new ArrayList<>(moves);
      all.addAll(nodes);
      return new Graph(
          graph.name(),
          all,
          initializers,
          graph.inputs(),
          graph.outputs(),
          graph.valueInfo(),
          graph.opaque());
    }

    /// The node, its bodies without weights.
    private Node outside(Node node) {
      if (node.bodies().isEmpty()) {
        return node;
      }
      Map<String, Attribute> attributes = new LinkedHashMap<>();
      node.attributes()
          .forEach((key, attribute) ->
              attributes.put(
                  key,
                  attribute instanceof Attribute.Subgraph(Graph body)
                      ? new Attribute.Subgraph(lifted(body))
                      : attribute));
      return node.withAttributes(attributes);
    }

    private Graph lifted(Graph body) {
      List<String> made = body.outputs().stream().map(Value::name).toList();
      Map<String, Tensor> kept = new LinkedHashMap<>();
      Map<String, String> renamed = new HashMap<>();
      Map<String, Tensor> small = new HashMap<>();
      body.initializers()
          .forEach((name, tensor) -> {
            if (isMatrix(tensor) && !made.contains(name)) {
              renamed.put(name, lift(name, tensor));
            } else {
              kept.put(name, tensor);
              small.put(name, tensor);
            }
          });
      List<Node> reading = new ArrayList<>();
      for (Node node : body.nodes()) {
        Node renaming = Renaming.inputs(node, name -> renamed.getOrDefault(name, name));
        Optional<Tensor> constant = constant(node);
        boolean isOutput = node.outputs().stream().anyMatch(made::contains);
        if (constant.filter(LiftBodyWeights::isMatrix).isPresent() && !isOutput) {
          renamed.put(node.output(), lift(node.output(), constant.get()));
        } else if (constant.isPresent()) {
          small.put(node.output(), constant.get());
          reading.add(node);
        } else if (!isOutput && moves(renaming, small)) {
          Map<String, String> outside = new HashMap<>();
          renaming.inputs().stream()
              .filter(small::containsKey)
              .forEach(name -> outside.put(name, lift(name, requireNonNull(small.get(name)))));
          node.outputs().forEach(name -> renamed.put(name, names.fresh(name)));
          List<String> outputs =
              node.outputs().stream().map(name -> requireNonNull(renamed.get(name))).toList();
          lifted.addAll(outputs);
          moves.add(
              Renaming.inputs(renaming, name -> outside.getOrDefault(name, name))
                  .withOutputs(outputs));
        } else {
          reading.add(outside(renaming));
        }
      }
      Set<String> read = new HashSet<>(made);
      for (Node node : reading) {
        read.addAll(node.inputs());
        read.addAll(Captures.of(node));
      }
      kept.keySet().retainAll(read);
      reading.removeIf(node -> constant(node).isPresent() && !read.contains(node.output()));
      return new Graph(
          body.name(),
          reading,
          kept,
          body.inputs(),
          body.outputs(),
          body.valueInfo(),
          body.opaque());
    }

    private static Optional<Tensor> constant(Node node) {
      return node.outputs().size() == 1 ? ShapeInference.constant(node) : Optional.empty();
    }

    /// True of what makes a constant of weights and of small constants.
    private boolean moves(Node node, Map<String, Tensor> small) {
      return MOVES.contains(node.operation())
          && node.inputs().stream().anyMatch(lifted::contains)
          && node.inputs().stream()
              .allMatch(name ->
                  name.isEmpty()
                      || lifted.contains(name)
                      || small.containsKey(name)
                      || initializers.containsKey(name));
    }

    private String lift(String name, Tensor tensor) {
      String fresh = names.fresh(name);
      initializers.put(fresh, tensor);
      lifted.add(fresh);
      return fresh;
    }
  }

  private static boolean isMatrix(Tensor tensor) {
    return tensor.dtype().isFloat() && tensor.shape().rank() > 1 && tensor.count() > 1;
  }
}
