package dev.halftone.plan.rounding;

import dev.halftone.engine.Progress;
import dev.halftone.graph.Model;
import dev.halftone.plan.Layer;
import dev.halftone.plan.Placement;
import dev.halftone.plan.QuantizedLayer;
import java.util.HashMap;
import java.util.Map;

/// Solves each layer as if it alone were quantized: what a layer costs is seen where nothing else is.
final class Apart {

  private Apart() {}

  /// @param real the float network at its start
  /// @param biases of each layer by its key, empty where it has none
  static Map<String, QuantizedLayer> solve(
      Model model,
      Placement placement,
      LayerSolver solver,
      Prefix real,
      Map<String, float[]> biases,
      Progress progress) {
    Course course = Course.of(model.graph(), placement);
    Map<String, QuantizedLayer> layers = new HashMap<>();
    for (int i = 0; i < course.targets().size(); i++) {
      String target = course.targets().get(i);
      placement
          .layerMaking(target)
          .ifPresent(layer ->
              layers.put(
                  layer.key(),
                  alone(layer, biases.getOrDefault(layer.key(), new float[0]), solver, real)));
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
