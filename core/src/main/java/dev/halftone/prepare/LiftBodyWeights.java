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
      return new Body(body).lifted();
    }

    private String lift(String name, Tensor tensor) {
      String fresh = names.fresh(name);
      initializers.put(fresh, tensor);
      lifted.add(fresh);
      return fresh;
    }

    /// A branch or body, node by node, on its way to one without weights.
    private final class Body {

      private final Graph body;
      private final Set<String> made = new HashSet<>();
      private final Map<String, String> renamed = new HashMap<>();

      /// Constants that stay.
      private final Map<String, Tensor> small = new LinkedHashMap<>();

      private final List<Node> reading = new ArrayList<>();

      Body(Graph body) {
        this.body = body;
        body.outputs().forEach(output -> made.add(output.name()));
      }

      Graph lifted() {
        body.initializers().forEach(this::constant);
        Set<String> initial = new HashSet<>(small.keySet());
        body.nodes().forEach(this::visit);
        Set<String> read = new HashSet<>(made);
        for (Node node : reading) {
          read.addAll(node.inputs());
          read.addAll(Captures.of(node));
        }
        reading.removeIf(node -> small.containsKey(node.output()) && !read.contains(node.output()));
        initial.retainAll(read);
        small.keySet().retainAll(initial);
        return new Graph(
            body.name(),
            reading,
            small,
            body.inputs(),
            body.outputs(),
            body.valueInfo(),
            body.opaque());
      }

      /// @return true where it stays
      private boolean constant(String name, Tensor tensor) {
        boolean stays = !isMatrix(tensor) || made.contains(name);
        if (stays) {
          small.put(name, tensor);
        } else {
          renamed.put(name, lift(name, tensor));
        }
        return stays;
      }

      private void visit(Node node) {
        Optional<Tensor> constant = ShapeInference.constant(node);
        Node renaming = Renaming.inputs(node, name -> renamed.getOrDefault(name, name));
        if (constant.isPresent()) {
          if (constant(node.output(), constant.get())) {
            reading.add(node);
          }
        } else if (moves(renaming)) {
          moveOut(renaming);
        } else {
          reading.add(outside(renaming));
        }
      }

      /// True of what makes a constant of weights and of small constants.
      private boolean moves(Node node) {
        return MOVES.contains(node.operation())
            && node.outputs().stream().noneMatch(made::contains)
            && node.inputs().stream().anyMatch(lifted::contains)
            && node.inputs().stream()
                .allMatch(name ->
                    name.isEmpty()
                        || small.containsKey(name)
                        || initializers.containsKey(name)
                        || lifted.contains(name));
      }

      private void moveOut(Node node) {
        Map<String, String> outside = new HashMap<>();
        for (String name : node.inputs()) {
          Tensor constant = small.get(name);
          if (constant != null) {
            outside.computeIfAbsent(name, _ -> lift(name, constant));
          }
        }
        node.outputs().forEach(name -> renamed.put(name, names.fresh(name)));
        List<String> outputs =
            node.outputs().stream().map(name -> requireNonNull(renamed.get(name))).toList();
        lifted.addAll(outputs);
        moves.add(
            Renaming.inputs(node, name -> outside.getOrDefault(name, name)).withOutputs(outputs));
      }
    }
  }

  private static boolean isMatrix(Tensor tensor) {
    return tensor.dtype().isFloat() && tensor.shape().rank() > 1 && tensor.count() > 1;
  }
}
