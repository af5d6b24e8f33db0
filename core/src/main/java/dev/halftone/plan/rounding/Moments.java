package dev.halftone.plan.rounding;

import static java.util.Objects.requireNonNull;

import dev.halftone.engine.InOrder;
import dev.halftone.engine.Runner;
import dev.halftone.graph.Model;
import dev.halftone.plan.Layer;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Measures the second moments of a layer's inputs, those of the quantized network against those of the float one.
final class Moments {

  /// What one sample gives.
  private record Sums(long places, float[] second, float[] cross, float[] q, float[] r) {}

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
        InOrder.run(
            quantized.samples(),
            quantized.threads(),
            sample -> sums(runner, q, r, sample),
            one -> sum[0] = sum[0].plus(one.places, one.second, one.cross, one.q, one.r));
      }
    }
    return sum[0];
  }

  private static Sums sums(Runner runner, Source quantized, Source real, int sample) {
    List<Sums> result = new ArrayList<>();
    quantized.take(
        sample,
        q ->
            real.take(
                sample,
                r ->
                    runner.run(
                        Map.of(
                            Stored.name(PatchModel.QUANTIZED), q,
                            Stored.name(PatchModel.REAL), r),
                        outputs -> result.add(sums(outputs)))));
    return result.getFirst();
  }

  private static Sums sums(Map<String, Tensor> outputs) {
    return new Sums(
        of(outputs, PatchModel.EXTENTS).toLongs()[2],
        of(outputs, PatchModel.SECOND).toFloats(),
        of(outputs, PatchModel.CROSS).toFloats(),
        of(outputs, PatchModel.SUM_OF_QUANTIZED).toFloats(),
        of(outputs, PatchModel.SUM_OF_REAL).toFloats());
  }

  private static Tensor of(Map<String, Tensor> outputs, String name) {
    return requireNonNull(outputs.get(name));
  }
}
