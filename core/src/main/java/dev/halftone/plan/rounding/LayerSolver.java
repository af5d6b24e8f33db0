package dev.halftone.plan.rounding;

import static java.util.Objects.requireNonNull;

import dev.halftone.device.Device;
import dev.halftone.graph.Graph;
import dev.halftone.graph.shape.Types;
import dev.halftone.plan.Layer;
import dev.halftone.plan.LayerPlan;
import dev.halftone.plan.Plan;
import dev.halftone.plan.WeightGroup;
import dev.halftone.recipe.Rounding;
import dev.halftone.scheme.QuantizedWeight;
import dev.halftone.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Solves for the weights of single layers, or of those that share them.
final class LayerSolver {

  /// Weights, and what they change in the mean of each output.
  ///
  /// @param real the float weights
  /// @param moments by the key of each layer that has the weights
  record Solution(
      QuantizedWeight weight, Tensor real, InputRows rows, Map<String, Moments> moments) {

    /// [outputs] the mean over samples and places of what the float layer gives more.
    float[] lost(Layer layer) {
      Moments sums = requireNonNull(moments.get(layer.key()));
      float[] weights = real.toFloats();
      float[] now = weight.dequantized().toFloats();
      float[] lost = new float[rows.outputs()];
      for (int output = 0; output < lost.length; output++) {
        int group = output / rows.rows();
        double sum = 0;
        for (int input = 0; input < rows.inputs(); input++) {
          int at = rows.index(output, input);
          int mean = group * rows.inputs() + input;
          sum += weights[at] * sums.sumOfReal()[mean] - now[at] * sums.sumOfQuantized()[mean];
        }
        lost[output] = (float) (sum / sums.count());
      }
      return lost;
    }
  }

  private final Graph graph;
  private final Plan plan;
  private final Device device;
  private final Types shapes;
  private final Rounding rounding;
  private final Map<String, WeightGroup> groups;

  /// @param shapes of the tensors for one sample
  LayerSolver(Graph graph, Plan plan, Device device, Types shapes, Rounding rounding) {
    this.graph = graph;
    this.plan = plan;
    this.device = device;
    this.shapes = shapes;
    this.rounding = rounding;
    this.groups = WeightGroup.byLayer(plan.layers());
  }

  /// The layers that have their weights in common with this one, itself among them.
  WeightGroup group(Layer layer) {
    return requireNonNull(groups.get(layer.key()));
  }

  /// The weights that serve all layers of a group: this one on what the quantized network gives it, the others, which come later, on what the
  /// float network does.
  ///
  /// @param first of the group, in the order in which the network is run
  /// @param quantized the network as far as it is quantized
  /// @param real the float network, as far
  Solution solve(Layer first, Prefix quantized, Prefix real) {
    WeightGroup group = group(first);
    LayerPlan planned = group.first();
    Tensor weight = graph.constant(first.weight()).orElseThrow();
    InputRows rows = InputRows.of(first, weight.shape());
    Map<String, Moments> moments = new LinkedHashMap<>();
    moments.put(first.key(), new Moments(inputs(first, weight, rows), quantized, real));
    for (LayerPlan user : group.users()) {
      Layer other = user.layer();
      moments.computeIfAbsent(
          other.key(), _ -> new Moments(inputs(other, weight, rows), real, real));
    }
    QuantizedWeight integers =
        LeastSquares.quantize(
            weight,
            first.granularity(),
            rows,
            blocks -> Moments.measure(List.copyOf(moments.values()), blocks),
            new LeastSquares.Choice(
                planned.type(),
                CodebookFit.isFor(planned, rounding, device),
                planned.multiples(),
                planned.scales(),
                LeastScales.of(group, graph, plan, device)),
            LeastSquares.Means.of(quantized.threads()));
    return new Solution(integers, weight, rows, moments);
  }

  private PatchModel.Inputs inputs(Layer layer, Tensor weight, InputRows rows) {
    return new PatchModel.Inputs(layer, weight.shape(), rows, places(layer));
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
