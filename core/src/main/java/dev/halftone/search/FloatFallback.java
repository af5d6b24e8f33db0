package dev.halftone.search;

import dev.halftone.Quantizer;
import dev.halftone.data.Dataset;
import dev.halftone.graph.Model;
import dev.halftone.recipe.ActivationScheme;
import dev.halftone.recipe.Recipe;
import dev.halftone.recipe.Rule;
import dev.halftone.wording.Counted;
import java.util.ArrayList;
import java.util.List;

/// Layers that compute with floats, their weights being integers in the file all the same.
record FloatFallback(Baseline base) implements Fallback {

  /// In words, where all compute with floats.
  static final String ALL = "only weights in integers";

  @Override
  public List<String> labels() {
    return base.placement().layers().stream()
        .map(layer -> layer.node().label())
        .distinct()
        .toList();
  }

  @Override
  public String words(int count) {
    return count == labels().size() ? ALL : Counted.of(count, "layer") + " float";
  }

  @Override
  public Recipe everywhere() {
    return everywhere(base.recipe());
  }

  /// The recipe whose layers all compute with floats.
  static Recipe everywhere(Recipe recipe) {
    return recipe.withFloatActivations();
  }

  @Override
  public Recipe taking(List<String> labels) {
    return base.recipe().overriding(Rule.activations(labels, new ActivationScheme.Float()));
  }

  @Override
  public double noise(List<String> labels, Dataset few) {
    Recipe recipe = base.recipe();
    List<String> kept = new ArrayList<>(labels());
    kept.removeAll(labels);
    base.placement().stored().forEach(weight -> weight.labels().forEach(kept::add));
    Model prepared = base.seen().prepared();
    Quantizer only = base.quantizer().withRecipe(recipe.withoutSamples().keepingFloat(kept));
    return only.place(prepared).hasIntegerLayers()
        ? base.examiner().noise(only.quantize(prepared, base.seen().statistics(), few).model(), few)
        : 0; // it continues integers, and there are none
  }
}
