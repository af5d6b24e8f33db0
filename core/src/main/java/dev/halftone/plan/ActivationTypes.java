package dev.halftone.plan;

import static java.util.Objects.requireNonNull;

import dev.halftone.graph.Graph;
import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Node;
import dev.halftone.recipe.Recipe;
import dev.halftone.scheme.QuantizedType;
import dev.halftone.target.IntegerKernel;

/// Which integers each quantized tensor is made of: what the recipe says of the operation that makes it.
final class ActivationTypes {

  private final GraphIndex index;
  private final Placement placement;
  private final Recipe recipe;

  ActivationTypes(Graph graph, Placement placement, Recipe recipe) {
    this.index = new GraphIndex(graph);
    this.placement = placement;
    this.recipe = recipe;
  }

  /// A tensor that takes over the integers of another has their type.
  QuantizedType of(String tensor) {
    String root = requireNonNull(placement.shares().get(tensor)).tensor();
    return index
        .producer(root)
        .map(maker -> recipe.activationType(operation(maker).label()))
        .orElse(recipe.activationType());
  }

  /// The integers that this operation makes.
  QuantizedType madeBy(Node operation) {
    return recipe.activationType(operation.label());
  }

  /// A clamp that was folded makes what the operation before it computes.
  private Node operation(Node maker) {
    boolean folded =
        placement.target().kernel(maker) == IntegerKernel.CLAMP
            && placement.integer().contains(maker)
            && !placement.shares().containsKey(maker.input(0));
    return folded ? index.producer(maker.input(0)).orElse(maker) : maker;
  }
}
