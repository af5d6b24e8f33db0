package dev.halftone.finetune;

import dev.halftone.plan.Layer;
import dev.halftone.plan.QuantizedLayer;
import dev.halftone.scheme.Channels;
import dev.halftone.scheme.PerChannel;
import dev.halftone.scheme.QuantizedType;
import dev.halftone.scheme.QuantizedWeight;
import dev.halftone.scheme.Scales;
import dev.halftone.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;

/// What learns of a layer: y = (s q) x + b with s = s0 exp(scale) and b = b0 + unit * shift.
///
/// While the layer is real, so are q; once it is settled they are rounded, and scales learn too. Weights are in steps of the grid, scales are
/// logarithms, so that step sizes fit every layer and channel, and a change of a scale moves no integer.
final class LayerParameters {

  final Layer layer;

  /// [the weights' shape], in steps of the grid.
  final Tensor weight;

  /// [channels] logarithm of the scale over the first one.
  final Tensor scale;

  /// [channels], or empty where the layer has no bias.
  final List<Tensor> shift;

  private final QuantizedType type;
  private final Shape shape;

  /// The shape that lays a vector of channels along the weights' output axis.
  private final long[] along;

  private final Tensor firstScale;
  private final Tensor firstBias;
  private final Tensor unit;
  private final boolean scalesLearn;
  private boolean settled = true;

  /// @param scales which numbers scales may be: they learn where they may be any
  LayerParameters(Layer layer, QuantizedLayer start, Scales scales) {
    this.layer = layer;
    this.scalesLearn = scales == Scales.ANY;
    PerChannel grid = start.weight().grid();
    this.type = grid.type();
    this.shape = start.weight().shape();
    int channels = grid.scales().length;
    int biases = start.bias().length;
    this.along = new long[shape.rank()];
    Arrays.fill(along, 1);
    along[layer.outputAxis()] = channels;
    this.weight = leaf(new float[(int) shape.count()], shape.dims());
    this.scale = leaf(new float[channels], channels);
    this.firstScale = Libtorch.tensor(new float[channels], channels);
    this.firstBias = Libtorch.tensor(new float[biases], biases);
    this.unit = Libtorch.tensor(new float[biases], biases);
    this.shift = biases == 0 ? List.of() : List.of(leaf(new float[biases], biases));
    settle(start);
  }

  private static Tensor leaf(float[] values, long... shape) {
    Tensor made = Libtorch.tensor(values, shape);
    made.requires_grad_(true);
    return made;
  }

  /// Takes these integers, scales and biases.
  void settle(QuantizedLayer numbers) {
    byte[] integers = numbers.weight().values();
    float[] steps = new float[integers.length];
    for (int i = 0; i < steps.length; i++) {
      steps[i] = integers[i];
    }
    begin(steps, numbers.weight().grid().scales(), numbers.bias());
    settled(true);
  }

  /// Takes real weights, in units of the scales that are there.
  ///
  /// @param bias [channels]; empty where it is zero
  void release(float[] weights, float[] bias) {
    float[] scales = Libtorch.floats(scales());
    Channels channels = Channels.of(shape, layer.outputAxis());
    float[] steps = new float[weights.length];
    for (int i = 0; i < steps.length; i++) {
      steps[i] = weights[i] / scales[channels.of(i)];
    }
    float[] biases = bias.length > 0 ? bias : new float[(int) firstBias.numel()];
    begin(steps, scales, biases);
    settled(false);
  }

  private void begin(float[] steps, float[] scales, float[] bias) {
    Libtorch.fill(weight, steps);
    Libtorch.fill(firstScale, scales);
    Libtorch.fill(scale, new float[scales.length]);
    Libtorch.fill(firstBias, bias);
    shift.forEach(learned -> Libtorch.fill(learned, new float[bias.length]));
  }

  private void settled(boolean now) {
    settled = now;
    scale.set_requires_grad(now && scalesLearn);
  }

  boolean isSettled() {
    return settled;
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
    return settled ? scale.exp().mul(firstScale) : firstScale;
  }

  Tensor weights(Tensor scales) {
    return (settled ? FakeQuantize.round(weight) : weight).mul(scales.reshape(along));
  }

  /// The bias before it is rounded to steps of input scale times weight scale.
  Tensor bias() {
    return firstBias.add(shift.getFirst().mul(unit));
  }

  /// Brings weights back into the range of their integers. To be called without gradients.
  void clamp() {
    if (settled) {
      weight.clamp_(
          new ScalarOptional(Libtorch.number(type.low())),
          new ScalarOptional(Libtorch.number(type.high())));
    }
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

  /// What [#restore] takes: the parameters, the numbers that they are relative to, and whether the layer is settled.
  List<float[]> state() {
    List<float[]> state = new ArrayList<>();
    all().forEach(tensor -> state.add(Libtorch.floats(tensor)));
    state.add(Libtorch.floats(firstScale));
    state.add(Libtorch.floats(firstBias));
    state.add(new float[] {settled ? 1 : 0});
    return state;
  }

  void restore(List<float[]> state) {
    int at = 0;
    for (Tensor tensor : all()) {
      Libtorch.fill(tensor, state.get(at++));
    }
    Libtorch.fill(firstScale, state.get(at++));
    Libtorch.fill(firstBias, state.get(at++));
    settled(state.get(at)[0] != 0);
  }

  /// The weights as they are now, real ones.
  dev.halftone.tensor.Tensor real() {
    return dev.halftone.tensor.Tensor.of(shape, Libtorch.floats(weights(scales())));
  }

  /// [channels], empty where the layer has none.
  float[] realBias() {
    return shift.isEmpty() ? new float[0] : Libtorch.floats(bias());
  }

  /// The numbers of a settled layer as they are now.
  QuantizedLayer quantized() {
    float[] steps = Libtorch.floats(weight);
    byte[] integers = new byte[steps.length];
    for (int i = 0; i < steps.length; i++) {
      integers[i] = (byte) Math.rint(steps[i]);
    }
    PerChannel grid = new PerChannel(type, layer.outputAxis(), Libtorch.floats(scales()));
    return new QuantizedLayer(new QuantizedWeight(shape, grid, integers), realBias());
  }
}
