package dev.halftone.plan;

import dev.halftone.device.IntegerKernel;
import dev.halftone.graph.GraphEdit;
import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.graph.Renaming;
import dev.halftone.recipe.Recipe;
import dev.halftone.recipe.Subject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// Copies in few bits of tensors that a layer multiplies in few bits and a sum reads as well: the layer reads the copy, the sum
/// the tensor itself in 8 bits. So the rounding of what layers read does not stay on the residual path for good, as it does not where
/// networks are trained with few bits (LSQ, Esser et al. 2020).
///
/// The copy is a Clip without bounds: between two grids it is nothing but the step from one to the other.
public final class NarrowCopies {

  private NarrowCopies() {}

  /// The same network, with copies where the recipe has activations of fewer than 8 bits.
  ///
  /// @param places the recipe's operations
  public static Model apply(Model model, Function<Model, Placement> places, Recipe recipe) {
    return recipe.rules().hasNarrowActivations()
        ? copied(model, places.apply(model), recipe)
        : model;
  }

  private static Model copied(Model model, Placement placement, Recipe recipe) {
    GraphIndex index = new GraphIndex(model.graph());
    NarrowActivations narrow = NarrowActivations.of(model.graph(), placement, recipe);
    Set<Node> layers =
        placement.layers().stream()
            .filter(layer -> !layer.isFloat())
            .map(Layer::node)
            .collect(Collectors.toSet());
    Predicate<Node> adds =
        node ->
            placement.integer().contains(node)
                && placement.device().kernel(node) == IntegerKernel.ARITHMETIC;
    GraphEdit edit = new GraphEdit(model.graph());
    for (String tensor : placement.observed()) {
      List<Node> readers = index.consumers(tensor);
      boolean isEight =
          narrow.tensors().contains(tensor)
              || placement
                  .maker(tensor, index)
                  .map(Subject::of)
                  .filter(recipe.rules()::namesActivations)
                  .isPresent();
      if (!isEight
          && readers.stream().anyMatch(layers::contains)
          && readers.stream().anyMatch(adds)) {
        String copy = edit.freshName(tensor + "_narrow");
        edit.add(copy(tensor, copy));
        readers.stream()
            .filter(layers::contains)
            .forEach(reader -> edit.replace(reader, reading(copy, reader)));
      }
    }
    return model.withGraph(edit.build());
  }

  /// The same network, with a copy of each tensor for these of its readers.
  ///
  /// @param readers by the tensor, in the order in which copies are made
  static Model rounded(Model model, Map<String, List<Node>> readers) {
    GraphEdit edit = new GraphEdit(model.graph());
    Map<Node, Node> rewired = new LinkedHashMap<>();
    readers.forEach((tensor, nodes) -> {
      String copy = edit.freshName(tensor + "_rounded");
      edit.add(copy(tensor, copy));
      for (Node reader : nodes) {
        Node now = rewired.getOrDefault(reader, reader);
        rewired.put(reader, Renaming.inputs(now, in -> in.equals(tensor) ? copy : in));
      }
    });
    rewired.forEach(edit::replace);
    return model.withGraph(edit.build());
  }

  private static Node copy(String tensor, String copy) {
    return Node.of("Clip", copy, List.of(tensor), List.of(copy));
  }

  /// True of the node that makes such a copy.
  public static boolean isCopy(Node node) {
    return node.is("Clip") && node.inputs().size() == 1;
  }

  /// What was copied; empty where a tensor is no copy.
  static Optional<String> source(String tensor, GraphIndex index) {
    return index.producer(tensor).filter(NarrowCopies::isCopy).map(node -> node.input(0));
  }

  private static Node reading(String copy, Node layer) {
    List<String> inputs = new ArrayList<>(layer.inputs());
    inputs.set(0, copy);
    return layer.withInputs(inputs);
  }
}
