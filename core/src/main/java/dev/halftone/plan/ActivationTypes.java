package dev.halftone.plan;

import static java.util.Objects.requireNonNull;

import dev.halftone.graph.Graph;
import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Node;
import dev.halftone.recipe.Observer;
import dev.halftone.recipe.Rules;
import dev.halftone.recipe.Subject;
import dev.halftone.scheme.QuantizedType;

/// The integer type of each quantized tensor: what the recipe says of the operation that makes it, or of the network's input by
/// its name.
final class ActivationTypes {

  private final GraphIndex index;
  private final Placement placement;
  private final Rules rules;
  private final NarrowActivations narrow;

  ActivationTypes(Graph graph, Placement placement, Rules rules, NarrowActivations narrow) {
    this.index = new GraphIndex(graph);
    this.placement = placement;
    this.rules = rules;
    this.narrow = narrow;
  }

  /// A tensor that takes over the integers of another has their type.
  QuantizedType of(String tensor) {
    String root = requireNonNull(placement.shares().get(tensor)).tensor();
    if (placement.isWidened(root)) {
      return PlacerByChannels.wideType();
    }
    Subject maker = maker(root);
    if (narrow.tensors().contains(root) && !rules.namesActivations(maker)) {
      return QuantizedType.UINT8;
    }
    return rules.activationType(maker);
  }

  /// How the range of a tensor with integers of its own is chosen.
  Observer observer(String root) {
    return rules.observer(maker(root));
  }

  private Subject maker(String root) {
    return placement
        .maker(root, index)
        .map(Subject::of)
        .orElseGet(() -> Subject.ofInput(Copies.source(root, index).orElse(root)));
  }

  /// The integers of a constant that this operation reads: its kernel takes one storage, and few bits would save nothing.
  QuantizedType readBy(Node operation) {
    Placement.Share made = placement.shares().get(operation.output());
    if (made != null && placement.isWidened(made.tensor())) {
      return PlacerByChannels.wideType();
    }
    QuantizedType type = rules.activationType(Subject.of(operation));
    return type.isNarrow() ? QuantizedType.UINT8 : type;
  }
}
