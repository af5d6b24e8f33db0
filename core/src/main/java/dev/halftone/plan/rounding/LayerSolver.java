package dev.halftone.plan.rounding;

import static java.util.Objects.requireNonNull;

import dev.halftone.device.Target;
import dev.halftone.graph.Graph;
import dev.halftone.graph.shape.Types;
import dev.halftone.plan.Layer;
import dev.halftone.plan.Plan;
import dev.halftone.recipe.Rounding;
import dev.halftone.scheme.QuantizedWeight;
import dev.halftone.tensor.Tensor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/// Solves for the weights of single layers.
final class LayerSolver {

  /// Weights, and what they change in the mean of each output.
  ///
  /// @param lost [outputs] the mean over samples and places of what the float layer gives more
  record Solution(QuantizedWeight weight, float[] lost) {}

  private final Graph graph;
  private final Plan plan;
  private final Target target;
  private final Types shapes;
  private final Rounding rounding;
  private final Map<String, Plan.LayerPlan> plans = new HashMap<>();

  /// @param shapes of the tensors for one sample
  LayerSolver(Graph graph, Plan plan, Target target, Types shapes, Rounding rounding) {
    this.graph = graph;
    this.plan = plan;
    this.target = target;
    this.shapes = shapes;
    this.rounding = rounding;
    for (Plan.LayerPlan planned : plan.layers()) {
      plans.put(planned.layer().key(), planned);
    }
  }

  /// @param quantized the network as far as it is quantized
  /// @param real the float network, as far
  /// @param bias [outputs] or empty: no scale becomes so small that it does not fit
  Solution solve(Layer layer, float[] bias, Prefix quantized, Prefix real) {
    Plan.LayerPlan planned = requireNonNull(plans.get(layer.key()));
    Tensor weight = graph.constant(layer.weight()).orElseThrow();
    InputRows rows = InputRows.of(layer, weight.shape());
    Moments moments =
        new Moments(
            new PatchModel.Inputs(layer, weight.shape(), rows, places(layer)), quantized, real);
    QuantizedWeight integers =
        LeastSquares.quantize(
            weight,
            layer.outputAxis(),
            rows,
            moments::measure,
            new LeastSquares.Choice(
                planned.type(),
                Codebook.isFor(planned, rounding, target),
                planned.scales(),
                LeastScales.of(
                    layer, weight, bias, planned.type(), plan.gridOfInput(layer), target)),
            LeastSquares.Means.of(quantized.threads()));
    return new Solution(integers, lost(weight.toFloats(), integers, rows, moments));
  }

  private static float[] lost(
      float[] weights, QuantizedWeight integers, InputRows rows, Moments moments) {
    float[] now = integers.dequantized().toFloats();
    float[] lost = new float[rows.outputs()];
    for (int output = 0; output < lost.length; output++) {
      int group = output / rows.rows();
      double sum = 0;
      for (int input = 0; input < rows.inputs(); input++) {
        int at = rows.index(output, input);
        int mean = group * rows.inputs() + input;
        sum += weights[at] * moments.sumOfReal()[mean] - now[at] * moments.sumOfQuantized()[mean];
      }
      lost[output] = (float) (sum / moments.count());
    }
    return lost;
  }

  /// Places of a convolution's output in one sample; 1 where shape inference cannot tell.
  private long places(Layer layer) {
    return shapes
        .shape(layer.node().output())
        .filter(shape -> shape.rank() > 2)
        .map(shape -> Arrays.stream(shape.dims()).skip(2).reduce(1L, (a, b) -> a * b))
        .orElse(1L);
  }
}
