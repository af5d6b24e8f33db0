package dev.halftone.plan;

import dev.halftone.graph.Graph;
import dev.halftone.graph.Value;
import dev.halftone.recipe.Recipe;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The tensors and layers that a recipe with activations of fewer than 8 bits leaves at 8, unless it says other bits of that
/// node by name.
///
/// Few bits save work where activations are multiplied with weights, and nowhere else: sums, outputs and what merely passes on keep 8
/// bits. So do the first layer and the last, weights and activations, as everywhere in the literature (DoReFa-Net, arXiv:1606.06160).
///
/// @param tensors that have 8 bits
/// @param layers whose weights have 8 bits
record NarrowActivations(Set<String> tensors, Set<Layer> layers) {

  static NarrowActivations of(Graph graph, Placement placement, Recipe recipe) {
    List<Layer> layers = placement.layers();
    if (!recipe.rules().hasNarrowActivations() || layers.isEmpty()) {
      return new NarrowActivations(Set.of(), Set.of());
    }
    Layer first = layers.getFirst();
    Layer last = layers.getLast();
    Set<String> multiplied = new HashSet<>();
    layers.stream().filter(layer -> layer != last).forEach(layer -> multiplied.add(layer.input()));
    Set<String> tensors = new HashSet<>();
    Set<String> narrow = new HashSet<>();
    placement
        .shares()
        .forEach((tensor, share) ->
            (multiplied.contains(tensor) ? narrow : tensors).add(share.tensor()));
    tensors.removeAll(narrow);
    graph.inputs().stream().map(Value::name).forEach(tensors::add);
    tensors.add(root(placement, first.output()));
    return new NarrowActivations(tensors, Set.of(first, last));
  }

  private static String root(Placement placement, String tensor) {
    Placement.Share share = placement.shares().get(tensor);
    return share == null ? tensor : share.tensor();
  }
}
