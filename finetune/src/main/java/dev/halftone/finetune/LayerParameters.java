package dev.halftone.finetune;

import dev.halftone.device.Device;
import dev.halftone.plan.Layer;
import dev.halftone.plan.LayerPlan;
import dev.halftone.plan.QuantizedLayer;
import dev.halftone.scheme.Affine;
import dev.halftone.scheme.Grid;
import dev.halftone.scheme.QuantizedWeight;
import dev.halftone.scheme.Scales;
import dev.halftone.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.Tensor;

/// The trained parameters of a layer: y = (s q) x + b with s = s0 exp(scale) and b = b0 + unit * shift.
///
/// Weights are real ones in steps of the grid, which the network sees rounded; scales are logarithms. So step sizes fit every layer and channel,
/// and a change of a scale moves no integer.
final class LayerParameters {

  final Layer layer;

  /// [the weights' shape], in steps of the grid.
  final Tensor weight;

  /// [channels] logarithm of the scale over the first one.
  final Tensor scale;

  /// [channels], or empty where the layer has no bias.
  final List<Tensor> shift;

  private final Grid grid;
  private final WeightLevels levels;
  private final Shape shape;
  private final Optional<PairLimit> pairs;

  /// The shape that lays a vector of channels along the weights' output axis.
  private final long[] along;

  private final Tensor firstScale;
  private final Tensor firstBias;
  private final Tensor unit;

  /// @param planned the layer; its scales learn where they may be any
  /// @param input the grid of the activations; empty where the layer reads floats
  LayerParameters(LayerPlan planned, QuantizedLayer start, Optional<Affine> input, Device device) {
    this.layer = planned.layer();
    this.grid = start.weight().grid();
    this.levels = WeightLevels.of(start.weight());
    this.shape = start.weight().shape();
    this.pairs = PairLimit.of(layer, shape, grid.type(), input, device);
    float[] first = grid.scales();
    int channels = first.length;
    int biases = start.bias().length;
    this.along = new long[shape.rank()];
    Arrays.fill(along, 1);
    along[layer.outputAxis()] = channels;
    byte[] integers = start.weight().values();
    float[] steps = new float[integers.length];
    for (int i = 0; i < steps.length; i++) {
      steps[i] = integers[i];
    }
    this.weight = leaf(steps, shape.dims());
    this.scale = leaf(new float[channels], channels);
    scale.set_requires_grad(planned.scales() == Scales.ANY);
    this.firstScale = Libtorch.tensor(first, channels);
    this.firstBias = Libtorch.tensor(start.bias(), biases);
    this.unit = Libtorch.tensor(new float[biases], biases);
    this.shift = biases == 0 ? List.of() : List.of(leaf(new float[biases], biases));
  }

  private static Tensor leaf(float[] values, long... shape) {
    Tensor made = Libtorch.tensor(values, shape);
    made.requires_grad_(true);
    return made;
  }

  /// Takes the deviation of the layer's outputs, channel by channel, as the unit of its bias.
  ///
  /// @param outputs [n, channels, ...], of a product [..., channels]
  void measure(Tensor outputs) {
    int axis = layer.node().is("Conv") ? 1 : Math.toIntExact(outputs.dim()) - 1;
    long[] others = LongStream.range(0, outputs.dim()).filter(i -> i != axis).toArray();
    if (!shift.isEmpty()) {
      unit.copy_(outputs.var(others, false).add(Libtorch.number(1e-18)).sqrt());
    }
  }

  /// [channels]
  Tensor scales() {
    return scale.exp().mul(firstScale);
  }

  Tensor weights(Tensor scales) {
    return FakeQuantize.round(weight, levels).mul(scales.reshape(along));
  }

  /// The bias before it is rounded to steps of input scale times weight scale.
  Tensor bias() {
    return firstBias.add(shift.getFirst().mul(unit));
  }

  /// Brings weights back into the range of their integers. To be called without gradients.
  ///
  /// @param settling see [Schedule#settling]
  void keepInRange(double settling) {
    weight.lerp_(levels.nearest(weight), Libtorch.number(settling));
    levels.clamp(weight);
    pairs.ifPresent(limit -> limit.apply(weight));
  }

  /// Root mean square of the weights in steps: what a step of training is relative to.
  double size() {
    return Math.sqrt(weight.detach().square().mean().item_double());
  }

  List<Tensor> all() {
    List<Tensor> all = new ArrayList<>(List.of(weight, scale));
    all.addAll(shift);
    return all;
  }

  /// What [#restore] takes.
  List<float[]> state() {
    return all().stream().map(Libtorch::floats).toList();
  }

  void restore(List<float[]> state) {
    List<Tensor> all = all();
    for (int i = 0; i < all.size(); i++) {
      Libtorch.fill(all.get(i), state.get(i));
    }
  }

  /// The numbers as they are now.
  QuantizedLayer quantized() {
    float[] steps = Libtorch.floats(levels.nearest(weight));
    byte[] integers = new byte[steps.length];
    for (int i = 0; i < steps.length; i++) {
      integers[i] = (byte) steps[i];
    }
    Grid learned = new Grid(grid.levels(), grid.granularity(), Libtorch.floats(scales()));
    float[] biases = shift.isEmpty() ? new float[0] : Libtorch.floats(bias());
    return new QuantizedLayer(new QuantizedWeight(shape, learned, integers), biases);
  }
}
