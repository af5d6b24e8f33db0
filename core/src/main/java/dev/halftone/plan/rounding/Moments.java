package dev.halftone.plan.rounding;

import static java.util.Objects.requireNonNull;

import dev.halftone.engine.Runner;
import dev.halftone.engine.Turns;
import dev.halftone.graph.Model;
import dev.halftone.tensor.Tensor;
import java.util.List;
import java.util.Map;

/// The second moments of a layer's inputs, those of the quantized network against those of the float one, measured as many blocks at a
/// time as are asked for.
final class Moments {

  private final PatchModel.Inputs inputs;
  private final Prefix quantized;
  private final Prefix real;
  private double[] sumOfQuantized = {};
  private double[] sumOfReal = {};
  private long count;

  /// @param quantized the network as far as it is quantized
  /// @param real the float network, as far
  Moments(PatchModel.Inputs inputs, Prefix quantized, Prefix real) {
    this.inputs = inputs;
    this.quantized = quantized;
    this.real = real;
  }

  /// Those of layers that share weights, added up about the means of each; of one alone as they are.
  static SecondMoments measure(List<Moments> layers, InputRows.Blocks blocks) {
    SecondMoments sum = layers.getFirst().measure(blocks);
    if (layers.size() == 1) {
      return sum;
    }
    sum = sum.aboutMeans();
    for (Moments other : layers.subList(1, layers.size())) {
      sum = sum.plus(other.measure(blocks).aboutMeans());
    }
    return sum;
  }

  private SecondMoments measure(InputRows.Blocks blocks) {
    SecondMoments[] sum = {SecondMoments.zero(inputs.rows(), blocks)};
    String input = inputs.layer().input();
    try (Source q = quantized.source(input);
        Source r = real.source(input)) {
      Model model = PatchModel.of(quantized.model(), inputs, blocks, q.form(), r.form());
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
    sumOfQuantized = sum[0].sums().quantized();
    sumOfReal = sum[0].sums().real();
    count = sum[0].seen().places();
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

  /// [inputs of all groups] sums over samples and places, once anything was measured.
  double[] sumOfQuantized() {
    return sumOfQuantized;
  }

  /// As [#sumOfQuantized], in the float network.
  double[] sumOfReal() {
    return sumOfReal;
  }

  /// Places that were summed over.
  long count() {
    return count;
  }
}
