package dev.halftone.plan.rounding;

import static java.util.Objects.requireNonNull;

import dev.halftone.calibrate.Exposed;
import dev.halftone.data.Dataset;
import dev.halftone.engine.Backend;
import dev.halftone.engine.Parallel;
import dev.halftone.engine.Progress;
import dev.halftone.engine.Runner;
import dev.halftone.graph.Model;
import dev.halftone.plan.Layer;
import dev.halftone.plan.Placement;
import dev.halftone.scheme.Range;
import dev.halftone.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Shifts the bias of each layer so that the mean of every output channel, after the activation, is that of the float model.
///
/// Each layer reads what the quantized and already corrected part of the network before it gives. A bias moves the mean behind a clamp
/// only through the elements that are not clamped, so the step is a Newton step: the missing mean over the share of live elements (with a
/// floor, and at most a quarter of the channel's deviation at a time). Correcting before the activation, as Nagel et al. 2019
/// ("Data-Free Quantization") do, shifts distributions that the clamp cuts off, and ruins networks with ReLU6.
final class BiasCorrection {

  private static final double LEAST_LIVE = 0.02;
  private static final double LONGEST_STEP = 0.25;
  private static final Range UNBOUNDED = new Range(-Float.MAX_VALUE, Float.MAX_VALUE);

  private final Placement placement;
  private final Map<String, ChannelMoments> wanted;

  private BiasCorrection(Placement placement, Map<String, ChannelMoments> wanted) {
    this.placement = placement;
    this.wanted = wanted;
  }

  /// Measures what the float model's layers give.
  static BiasCorrection towards(
      Backend runtime,
      Model model,
      Placement placement,
      Dataset data,
      int threads,
      Progress progress) {
    List<String> outputs = placement.layers().stream().map(Layer::output).toList();
    List<Map<String, ChannelMoments>> perSample = new ArrayList<>();
    for (int i = 0; i < data.size(); i++) {
      perSample.add(new HashMap<>());
    }
    try (Runner runner = runtime.open(Exposed.only(model, outputs), Backend.Options.SERVING)) {
      Parallel.forEach(
          data.size(),
          threads,
          sample -> {
            runner.run(
                data.sample(sample).inputs(),
                tensors ->
                    tensors.forEach((name, tensor) ->
                        perSample.get(sample).put(name, moments(placement, name, tensor))));
            progress.step();
          });
    }
    Map<String, ChannelMoments> all = new HashMap<>();
    perSample.forEach(
        one -> one.forEach((name, moments) -> all.merge(name, moments, ChannelMoments::plus)));
    return new BiasCorrection(placement, all);
  }

  private static ChannelMoments moments(Placement placement, String output, Tensor tensor) {
    boolean conv = placement.layerMaking(output).orElseThrow().node().is("Conv");
    int axis = conv ? 1 : tensor.shape().rank() - 1;
    return ChannelMoments.of(tensor, axis, placement.bounds().getOrDefault(output, UNBOUNDED));
  }

  /// One step for the layer that makes the segment's target.
  ///
  /// @param biasName the input by which the runner takes the bias
  /// @param bias [channels] changed in place
  void step(Prefix prefix, Segment segment, Runner runner, String biasName, float[] bias) {
    ChannelMoments[] perSample = new ChannelMoments[prefix.samples()];
    prefix.each(
        segment,
        runner,
        Map.of(biasName, Tensor.vector(bias)),
        (sample, out) ->
            perSample[sample] =
                moments(placement, segment.target(), requireNonNull(out.get(segment.target()))));
    ChannelMoments now = perSample[0];
    for (int i = 1; i < perSample.length; i++) {
      now = now.plus(perSample[i]);
    }
    ChannelMoments target = requireNonNull(wanted.get(segment.target()));
    for (int c = 0; c < bias.length; c++) {
      bias[c] += (float) newtonStep(target, now, c);
    }
  }

  private static double newtonStep(ChannelMoments target, ChannelMoments now, int channel) {
    double missing = target.mean(channel) - now.mean(channel);
    double live = Math.max(LEAST_LIVE, now.liveShare(channel));
    double longest = LONGEST_STEP * Math.max(target.deviation(channel), now.deviation(channel));
    return Math.max(-longest, Math.min(longest, missing / live));
  }
}
