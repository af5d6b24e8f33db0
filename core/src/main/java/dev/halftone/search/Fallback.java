package dev.halftone.search;

import dev.halftone.data.Dataset;
import dev.halftone.graph.shape.ShapeInference;
import dev.halftone.graph.shape.Types;
import dev.halftone.graph.shape.Work;
import dev.halftone.plan.Layer;
import dev.halftone.recipe.Recipe;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A choice of another arithmetic for operations that do damage in integers. They compute with floats where the device has them,
/// and with activations of 16 bits elsewhere; where their rounded weights are what does it, those stay float too.
interface Fallback {

  Baseline base();

  /// Names of what can take it, in graph order.
  List<String> labels();

  /// As in `3 layers float`.
  ///
  /// @param count how many of the labels take it
  String words(int count);

  /// The words where all take it.
  default String allInWords() {
    return words(labels().size());
  }

  /// The recipe where all take it.
  default Recipe everywhere() {
    return taking(labels());
  }

  /// The recipe where these take it.
  Recipe taking(List<String> labels);

  /// False where something must be left in integers, and these are too many.
  default boolean allows(List<String> labels) {
    return true;
  }

  /// True where such a recipe still makes integers of what the way out is for.
  default boolean leavesSome(Recipe recipe) {
    return base().quantizer().withRecipe(recipe).place(base().seen().prepared()).hasIntegerLayers();
  }

  /// The noise that these make when they alone are in 8 bits, over the power of the output.
  ///
  /// @param few samples to measure on
  double noise(List<String> labels, Dataset few);

  /// What 8 bits save in each, in any unit: here its work, in products.
  ///
  /// @param few samples, whose shapes count
  default Map<String, Double> savings(Dataset few) {
    Types types = ShapeInference.of(base().seen().prepared(), few.sample(0).inputs());
    Map<String, Double> work = new HashMap<>();
    for (Layer layer : base().placement().layers()) {
      work.merge(layer.node().label(), (double) Work.macs(layer.node(), types), Double::sum);
    }
    return work;
  }
}
