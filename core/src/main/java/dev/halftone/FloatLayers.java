package dev.halftone;

import dev.halftone.data.Dataset;
import dev.halftone.engine.Progress;
import dev.halftone.graph.Model;
import dev.halftone.graph.shape.ShapeInference;
import dev.halftone.graph.shape.Types;
import dev.halftone.graph.shape.Work;
import dev.halftone.plan.Layer;
import dev.halftone.plan.Placement;
import dev.halftone.recipe.NodeBits;
import dev.halftone.recipe.Recipe;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Which layers had best compute with floats: those that do much damage in integers for the work that integers save.
///
/// @param worstFirst labels of the layers
/// @param noise of each when it alone computes with integers, over the power of the output
record FloatLayers(List<String> worstFirst, Map<String, Double> noise) {

  /// Noise of a single layer, over the power of the output, that cannot be the cause of a collapse.
  private static final double HARMLESS = 3e-5;

  /// Noise of all layers together, over the power of the output, that a search starts from.
  private static final double TOLERABLE = 5e-3;

  FloatLayers {
    worstFirst = List.copyOf(worstFirst);
    noise = Map.copyOf(noise);
  }

  /// @param few samples to measure on
  static FloatLayers measure(
      Quantizer quantizer,
      Examiner examiner,
      Deadline deadline,
      Calibrated calibrated,
      Recipe recipe,
      Dataset few) {
    Model prepared = calibrated.prepared();
    Placement placement = quantizer.withRecipe(recipe).place(prepared);
    List<String> labels =
        placement.layers().stream().map(layer -> layer.node().label()).distinct().toList();
    Progress progress =
        quantizer.stages().stage("Looking for what does the damage", 2 * labels.size());
    Recipe simple = recipe.withoutSamples();
    Map<String, Double> noise =
        Damage.measure(
            labels,
            group -> {
              deadline.check();
              progress.step();
              List<String> kept = new ArrayList<>(labels);
              kept.removeAll(group);
              kept.addAll(recipe.keepFloat());
              Quantizer only = quantizer.withRecipe(simple.withKeepFloat(kept));
              return only.place(prepared).hasIntegerLayers()
                  ? examiner.noise(
                      only.quantize(prepared, calibrated.statistics(), few).model(), few)
                  : 0; // it continues integers, and there are none
            },
            HARMLESS);
    Types types = ShapeInference.of(prepared, few.sample(0).inputs());
    return new FloatLayers(worstFirst(noise, placement, types), noise);
  }

  private static List<String> worstFirst(
      Map<String, Double> noise, Placement placement, Types types) {
    Map<String, Double> work = new HashMap<>();
    double all = 1;
    for (Layer layer : placement.layers()) {
      double macs = Work.macs(layer.node(), types);
      work.merge(layer.node().label(), macs, Double::sum);
      all += macs;
    }
    double total = all;
    double even = 1.0 / Math.max(1, noise.size());
    return noise.keySet().stream()
        .sorted(
            Comparator.comparingDouble((String label) ->
                    noise.getOrDefault(label, 0.0) / (even + work.getOrDefault(label, 0.0) / total))
                .reversed())
        .toList();
  }

  /// As many as leave little noise by what was measured of each alone.
  int firstGuess() {
    double left = noise.values().stream().mapToDouble(Double::doubleValue).sum();
    int guess = 0;
    while (guess < worstFirst.size() && left > TOLERABLE) {
      left -= noise.getOrDefault(worstFirst.get(guess), 0.0);
      guess++;
    }
    return guess;
  }

  /// The recipe with so many of the worst layers computing with floats.
  Recipe leaving(int count, Recipe recipe) {
    List<NodeBits> overrides = new ArrayList<>();
    worstFirst
        .subList(0, count)
        .forEach(label -> overrides.add(NodeBits.activations(label, Recipe.FLOAT_BITS)));
    overrides.addAll(recipe.overrides());
    return recipe.withOverrides(overrides);
  }
}
