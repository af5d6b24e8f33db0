package dev.halftone.plan;

import static java.util.Objects.requireNonNull;

import dev.halftone.graph.Graph;
import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Node;
import dev.halftone.recipe.Recipe;
import dev.halftone.scheme.QuantizedType;

/// The integer type of each quantized tensor: what the recipe says of the operation that makes it, or of the network's input by
/// its name.
final class ActivationTypes {

  private final GraphIndex index;
  private final Placement placement;
  private final Recipe recipe;
  private final NarrowActivations narrow;

  ActivationTypes(Graph graph, Placement placement, Recipe recipe, NarrowActivations narrow) {
    this.index = new GraphIndex(graph);
    this.placement = placement;
    this.recipe = recipe;
    this.narrow = narrow;
  }

  /// A tensor that takes over the integers of another has their type.
  QuantizedType of(String tensor) {
    String root = requireNonNull(placement.shares().get(tensor)).tensor();
    if (placement.isWidened(root)) {
      return PlacerByChannels.wideType();
    }
    String maker =
        placement
            .maker(root, index)
            .map(Node::label)
            .orElseGet(() -> NarrowCopies.source(root, index).orElse(root));
    if (narrow.tensors().contains(root) && !recipe.overridesActivations(maker)) {
      return QuantizedType.UINT8;
    }
    return recipe.activationType(maker);
  }

  /// The integers of a constant that this operation reads: its kernel takes one storage, and few bits would save nothing.
  QuantizedType readBy(Node operation) {
    Placement.Share made = placement.shares().get(operation.output());
    if (made != null && placement.isWidened(made.tensor())) {
      return PlacerByChannels.wideType();
    }
    QuantizedType type = recipe.activationType(operation.label());
    return type.isNarrow() ? QuantizedType.UINT8 : type;
  }
}
