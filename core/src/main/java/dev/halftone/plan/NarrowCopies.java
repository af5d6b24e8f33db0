package dev.halftone.plan;

import dev.halftone.device.IntegerKernel;
import dev.halftone.graph.Graph;
import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Node;
import dev.halftone.recipe.Recipe;
import dev.halftone.recipe.Subject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// Copies in few bits of tensors that a layer multiplies in few bits and a sum reads as well: the layer reads the copy, the sum
/// the tensor itself in 8 bits. So the rounding of what layers read does not stay on the residual path for good, as it does not where
/// networks are trained with few bits (LSQ, Esser et al. 2020).
public final class NarrowCopies {

  private NarrowCopies() {}

  /// None where the recipe has no activations of fewer than 8 bits.
  ///
  /// @param placement of the network, asked for where there can be some
  public static Copies of(Graph graph, Supplier<Placement> placement, Recipe recipe) {
    return new Copies(
        recipe.rules().hasNarrowActivations() ? readers(graph, placement.get(), recipe) : Map.of(),
        "_narrow");
  }

  private static Map<String, List<Node>> readers(Graph graph, Placement placement, Recipe recipe) {
    GraphIndex index = new GraphIndex(graph);
    NarrowActivations narrow = NarrowActivations.of(graph, placement, recipe);
    Set<Node> layers =
        placement.layers().stream()
            .filter(Layer::readsIntegers)
            .map(Layer::node)
            .collect(Collectors.toSet());
    Predicate<Node> adds =
        node ->
            placement.integer().contains(node)
                && placement.device().kernel(node) == IntegerKernel.ARITHMETIC;
    Map<String, List<Node>> copied = new LinkedHashMap<>();
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
        copied.put(tensor, readers.stream().filter(layers::contains).toList());
      }
    }
    return copied;
  }
}
