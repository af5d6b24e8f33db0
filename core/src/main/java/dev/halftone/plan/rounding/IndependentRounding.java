package dev.halftone.plan.rounding;

import dev.halftone.engine.Progress;
import dev.halftone.graph.Graph;
import dev.halftone.plan.Layer;
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
          .ifPresent(
              layer -> layers.put(layer.key(), alone(layer, layer.biasIn(graph), solver, real)));
      real.advance(real.segment(target));
      course.forget(i, real);
    }
    return layers;
  }

  private static QuantizedLayer alone(Layer layer, float[] bias, LayerSolver solver, Prefix real) {
    LayerSolver.Solution solution = solver.solve(layer, bias, real, real);
    if (layer.node().is("MatMul")) {
      return new QuantizedLayer(solution.weight(), bias);
    }
    float[] corrected = solution.lost().clone();
    for (int c = 0; c < bias.length; c++) {
      corrected[c] += bias[c];
    }
    return new QuantizedLayer(solution.weight(), corrected);
  }
}
