package dev.halftone.plan.rounding;

import dev.halftone.engine.Progress;
import dev.halftone.graph.Graph;
import dev.halftone.plan.Layer;
import dev.halftone.plan.LayerPlan;
import dev.halftone.plan.Placement;
import dev.halftone.plan.QuantizedLayer;
import java.util.HashMap;
import java.util.Map;

/// Solves each layer as if it alone were quantized: what a layer costs is seen where nothing else is.
final class IndependentRounding {

  private IndependentRounding() {}

  /// @param real the float network at its start
  static Map<String, QuantizedLayer> solve(
      Graph graph, Placement placement, LayerSolver solver, Prefix real, Progress progress) {
    EvaluationOrder course = EvaluationOrder.of(graph, placement);
    Map<String, QuantizedLayer> layers = new HashMap<>();
    for (int i = 0; i < course.targets().size(); i++) {
      String target = course.targets().get(i);
      placement
          .layerMaking(target)
          .filter(layer -> !layers.containsKey(layer.key()))
          .ifPresent(layer -> layers.putAll(alone(layer, graph, solver, real)));
      real.advance(real.segment(target));
      course.forget(i, real);
    }
    return layers;
  }

  /// The layer and those that share its weights.
  private static Map<String, QuantizedLayer> alone(
      Layer first, Graph graph, LayerSolver solver, Prefix real) {
    LayerSolver.Solution solution = solver.solve(first, real, real);
    Map<String, QuantizedLayer> layers = new HashMap<>();
    for (LayerPlan user : solver.group(first).users()) {
      Layer layer = user.layer();
      float[] bias = corrected(layer, layer.biasIn(graph), solution.lost(layer));
      layers.put(layer.key(), new QuantizedLayer(solution.weight(), bias));
    }
    return layers;
  }

  private static float[] corrected(Layer layer, float[] bias, float[] lost) {
    if (layer.node().is("MatMul")) {
      return bias;
    }
    float[] corrected = lost.clone();
    for (int c = 0; c < bias.length; c++) {
      corrected[c] += bias[c];
    }
    return corrected;
  }
}
