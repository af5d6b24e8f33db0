package dev.halftone.plan.rounding;

import static java.util.Objects.requireNonNull;

import dev.halftone.engine.Runner;
import dev.halftone.engine.Turns;
import dev.halftone.graph.Model;
import dev.halftone.plan.Layer;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.Map;

/// Measures the second moments of a layer's inputs, those of the quantized network against those of the float one.
final class Moments {

  private Moments() {}

  /// @param quantized the network as far as it is quantized
  /// @param real the float network, as far
  /// @param places of the layer's output in one sample
  static SecondMoments measure(
      Layer layer, Shape weight, InputRows rows, Prefix quantized, Prefix real, long places) {
    SecondMoments[] sum = {SecondMoments.zero(rows.groups() * rows.blocks(), rows.size())};
    try (Source q = quantized.source(layer.input());
        Source r = real.source(layer.input())) {
      Model model =
          PatchModel.of(quantized.model(), layer, weight, rows, places, q.form(), r.form());
      try (Runner runner = quantized.open(model)) {
        Turns.forEach(
            quantized.samples(),
            quantized.threads(),
            (sample, turn) ->
                q.take(
                    sample,
                    ofQuantized ->
                        r.take(
                            sample,
                            ofReal ->
                                runner.run(
                                    Map.of(
                                        ActivationStorage.name(PatchModel.QUANTIZED), ofQuantized,
                                        ActivationStorage.name(PatchModel.REAL), ofReal),
                                    sums -> turn.accept(() -> sum[0] = plus(sum[0], sums))))));
      }
    }
    return sum[0];
  }

  private static SecondMoments plus(SecondMoments sum, Map<String, Tensor> outputs) {
    return sum.plus(
        of(outputs, PatchModel.EXTENTS).toLongs()[2],
        of(outputs, PatchModel.SECOND),
        of(outputs, PatchModel.CROSS),
        of(outputs, PatchModel.SUM_OF_QUANTIZED),
        of(outputs, PatchModel.SUM_OF_REAL));
  }

  private static Tensor of(Map<String, Tensor> outputs, String name) {
    return requireNonNull(outputs.get(name));
  }
}
