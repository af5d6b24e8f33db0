package dev.halftone.plan.rounding;

import static java.util.Objects.requireNonNull;

import dev.halftone.calibrate.Statistics;
import dev.halftone.data.Dataset;
import dev.halftone.engine.Parallel;
import dev.halftone.engine.Progress;
import dev.halftone.engine.Runtime;
import dev.halftone.graph.Graph;
import dev.halftone.graph.Model;
import dev.halftone.plan.Layer;
import dev.halftone.plan.Placement;
import dev.halftone.plan.Plan;
import dev.halftone.plan.QuantizedLayer;
import dev.halftone.recipe.Recipe;
import dev.halftone.scheme.Affine;
import dev.halftone.scheme.QuantizedWeight;
import dev.halftone.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Chooses the integers of every layer as the recipe says.
public final class Solver {

  private Solver() {}

  public static Map<String, QuantizedLayer> solve(
      Runtime runtime,
      Model model,
      Placement placement,
      Plan plan,
      Statistics statistics,
      Dataset data,
      Recipe recipe,
      int threads,
      Progress.Stages stages) {
    Map<String, QuantizedLayer> layers = nearest(model.graph(), placement, plan, recipe, threads);
    if (!recipe.biasCorrection()) {
      return layers;
    }
    int[] witnesses =
        statistics.witnesses().stream()
            .limit(recipe.correctionSamples())
            .mapToInt(Statistics.Witness::index)
            .toArray();
    return BiasCorrection.apply(
        runtime, model, placement, plan, layers, data.select(witnesses), threads, stages);
  }

  private static Map<String, QuantizedLayer> nearest(
      Graph graph, Placement placement, Plan plan, Recipe recipe, int threads) {
    List<Layer> all = placement.layers();
    QuantizedLayer[] solved = new QuantizedLayer[all.size()];
    Parallel.forEach(
        all.size(), threads, i -> solved[i] = nearest(graph, all.get(i), plan, recipe));
    Map<String, QuantizedLayer> layers = new LinkedHashMap<>();
    for (int i = 0; i < solved.length; i++) {
      layers.put(all.get(i).key(), solved[i]);
    }
    return layers;
  }

  private static QuantizedLayer nearest(Graph graph, Layer layer, Plan plan, Recipe recipe) {
    Tensor weight = graph.constant(layer.weight()).orElseThrow();
    float[] bias = layer.bias().flatMap(graph::constant).map(Tensor::toFloats).orElse(new float[0]);
    int channels = Math.toIntExact(weight.shape().dim(layer.outputAxis()));
    Affine input = requireNonNull(plan.activations().get(layer.input()));
    float[] leastScale = new float[channels];
    for (int c = 0; c < channels; c++) {
      float reach = bias.length > 0 ? Math.abs(bias[c]) : 0;
      leastScale[c] = BiasScale.least(input.scale(), reach);
    }
    QuantizedWeight integers =
        Nearest.quantize(weight, layer.outputAxis(), recipe.weightType(), leastScale);
    return new QuantizedLayer(integers, bias);
  }
}
