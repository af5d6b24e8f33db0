package dev.halftone.plan.rounding;

import static java.util.Objects.requireNonNull;

import dev.halftone.data.Dataset;
import dev.halftone.engine.Parallel;
import dev.halftone.engine.Progress;
import dev.halftone.engine.Runner;
import dev.halftone.engine.Runtime;
import dev.halftone.graph.Exposed;
import dev.halftone.graph.Graph;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.plan.Layer;
import dev.halftone.plan.Placement;
import dev.halftone.plan.Plan;
import dev.halftone.plan.QuantizedLayer;
import dev.halftone.scheme.Affine;
import dev.halftone.scheme.Range;
import dev.halftone.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/// Shifts the bias of each layer so that the mean of every output channel, after the activation, is that of the float model.
///
/// Layer by layer in graph order; each layer reads what the quantized and already corrected part of the network before it gives. A bias
/// moves the mean behind a clamp only through the elements that are not clamped, so the step is a Newton step: the missing mean over the
/// share of live elements (with a floor, and at most a quarter of the channel's deviation at a time). Correcting before the activation,
/// as Nagel et al. 2019 ("Data-Free Quantization") do, shifts distributions that the clamp cuts off, and ruins networks with ReLU6.
public final class BiasCorrection {

  private static final double LEAST_LIVE = 0.02;
  private static final double LONGEST_STEP = 0.25;
  private static final Range UNBOUNDED = new Range(-Float.MAX_VALUE, Float.MAX_VALUE);

  private final Runtime runtime;
  private final Model model;
  private final Placement placement;
  private final Plan plan;
  private final Dataset data;
  private final int threads;
  private final QuantizedTensors known;
  private final Map<Node, Node> changed = new HashMap<>();
  private final Map<String, Tensor> constants = new HashMap<>();
  private final Map<String, QuantizedLayer> layers;

  private BiasCorrection(
      Runtime runtime,
      Model model,
      Placement placement,
      Plan plan,
      Map<String, QuantizedLayer> layers,
      Dataset data,
      int threads) {
    this.runtime = runtime;
    this.model = model;
    this.placement = placement;
    this.plan = plan;
    this.layers = new LinkedHashMap<>(layers);
    this.data = data;
    this.threads = threads;
    this.known = new QuantizedTensors(data.size());
  }

  /// @param layers the integers chosen so far, by the layer's key
  /// @param data the samples to measure with; all of them are used
  /// @return the same weights with other biases
  public static Map<String, QuantizedLayer> apply(
      Runtime runtime,
      Model model,
      Placement placement,
      Plan plan,
      Map<String, QuantizedLayer> layers,
      Dataset data,
      int threads,
      Progress.Stages stages) {
    return new BiasCorrection(runtime, model, placement, plan, layers, data, threads).walk(stages);
  }

  private Map<String, QuantizedLayer> walk(Progress.Stages stages) {
    Map<String, ChannelMoments> wanted =
        floatMoments(stages.stage("Measuring float layers", data.size()));
    List<Segment> segments = segments();
    Map<String, Integer> lastUse = lastUses(segments);
    Progress progress = stages.stage("Correcting biases", segments.size());
    try (known) {
      quantizeInputs();
      for (int i = 0; i < segments.size(); i++) {
        Segment segment = segments.get(i);
        known.declare(segment.target());
        placement
            .layerMaking(segment.target())
            .ifPresentOrElse(
                layer -> correct(segment, layer, wanted), () -> run(segment, List.of(), Map.of()));
        int now = i;
        lastUse.forEach((tensor, last) -> {
          if (last == now) {
            known.forget(tensor);
          }
        });
        progress.step();
      }
    }
    return layers;
  }

  private Map<String, ChannelMoments> floatMoments(Progress progress) {
    List<String> outputs = placement.layers().stream().map(Layer::output).toList();
    List<Map<String, ChannelMoments>> perSample = new ArrayList<>();
    for (int i = 0; i < data.size(); i++) {
      perSample.add(new HashMap<>());
    }
    try (Runner runner = runtime.open(Exposed.only(model, outputs), Runtime.Options.SERVING)) {
      Parallel.forEach(
          data.size(),
          threads,
          sample -> {
            runner.run(
                data.sample(sample).inputs(),
                tensors ->
                    tensors.forEach(
                        (name, tensor) -> perSample.get(sample).put(name, moments(name, tensor))));
            progress.step();
          });
    }
    Map<String, ChannelMoments> all = new HashMap<>();
    perSample.forEach(
        one -> one.forEach((name, moments) -> all.merge(name, moments, ChannelMoments::plus)));
    return all;
  }

  private ChannelMoments moments(String output, Tensor tensor) {
    boolean conv = placement.layerMaking(output).orElseThrow().node().is("Conv");
    int axis = conv ? 1 : tensor.shape().rank() - 1;
    return ChannelMoments.of(tensor, axis, placement.bounds().getOrDefault(output, UNBOUNDED));
  }

  /// One segment for each tensor that shares no other's scale, and for each layer that hands out floats, in graph order.
  private List<Segment> segments() {
    Graph graph = model.graph();
    Set<String> roots = placement.observed();
    List<Segment> segments = new ArrayList<>();
    for (Node node : graph.nodes()) {
      for (String output : node.outputs()) {
        if (roots.contains(output) || placement.layerMaking(output).isPresent()) {
          segments.add(Segment.between(graph, roots, output));
        }
      }
    }
    return segments;
  }

  private Map<String, Integer> lastUses(List<Segment> segments) {
    Map<String, Integer> last = new HashMap<>();
    for (int i = 0; i < segments.size(); i++) {
      last.put(segments.get(i).target(), i);
      for (String feed : segments.get(i).feeds()) {
        last.put(feed, i);
      }
    }
    return last;
  }

  private void quantizeInputs() {
    for (var input : model.graph().requiredInputs()) {
      Affine grid = plan.activations().get(input.name());
      if (grid != null) {
        known.declare(input.name());
        Parallel.forEach(
            data.size(),
            threads,
            sample ->
                known.put(
                    input.name(),
                    sample,
                    grid,
                    requireNonNull(data.sample(sample).inputs().get(input.name()))));
      }
    }
  }

  private void correct(Segment segment, Layer layer, Map<String, ChannelMoments> wanted) {
    QuantizedLayer numbers = requireNonNull(layers.get(layer.key()));
    String weight = layer.key() + "/weight";
    constants.put(weight, numbers.weight().dequantized());
    List<String> inputs = new ArrayList<>(List.of(layer.node().input(0), weight));
    if (layer.node().is("MatMul")) {
      changed.put(layer.node(), layer.node().withInputs(inputs));
      run(segment, List.of(), Map.of());
      return;
    }
    String biasName = layer.key() + "/bias";
    inputs.add(biasName);
    changed.put(layer.node(), layer.node().withInputs(inputs));
    int channels = numbers.weight().grid().scales().length;
    float[] bias = numbers.bias().length > 0 ? numbers.bias().clone() : new float[channels];
    ChannelMoments target = requireNonNull(wanted.get(layer.output()));
    try (Runner runner = open(segment, List.of(biasName))) {
      ChannelMoments now = measure(segment, runner, Map.of(biasName, Tensor.vector(bias)));
      for (int c = 0; c < channels; c++) {
        bias[c] += (float) newtonStep(target, now, c);
      }
      store(segment, runner, Map.of(biasName, Tensor.vector(bias)));
    }
    constants.put(biasName, Tensor.vector(bias));
    layers.put(layer.key(), numbers.withBias(bias));
  }

  private static double newtonStep(ChannelMoments target, ChannelMoments now, int channel) {
    double missing = target.mean(channel) - now.mean(channel);
    double live = Math.max(LEAST_LIVE, now.liveShare(channel));
    double longest = LONGEST_STEP * Math.max(target.deviation(channel), now.deviation(channel));
    return Math.max(-longest, Math.min(longest, missing / live));
  }

  private ChannelMoments measure(Segment segment, Runner runner, Map<String, Tensor> further) {
    ChannelMoments[] perSample = new ChannelMoments[data.size()];
    each(
        segment,
        runner,
        further,
        (sample, out) ->
            perSample[sample] =
                moments(segment.target(), requireNonNull(out.get(segment.target()))));
    ChannelMoments all = perSample[0];
    for (int i = 1; i < perSample.length; i++) {
      all = all.plus(perSample[i]);
    }
    return all;
  }

  private void store(Segment segment, Runner runner, Map<String, Tensor> further) {
    if (plan.activations().containsKey(segment.target())) {
      String integers = Segment.integers(segment.target());
      each(
          segment,
          runner,
          further,
          (sample, out) -> known.put(segment.target(), sample, requireNonNull(out.get(integers))));
    }
  }

  private void run(Segment segment, List<String> names, Map<String, Tensor> further) {
    try (Runner runner = open(segment, names)) {
      store(segment, runner, further);
    }
  }

  private Runner open(Segment segment, List<String> further) {
    List<Node> nodes =
        segment.nodes().stream().map(node -> changed.getOrDefault(node, node)).toList();
    Model part = segment.model(model, nodes, constants, further, plan.activations());
    return runtime.open(part, Runtime.Options.SERVING);
  }

  private void each(
      Segment segment,
      Runner runner,
      Map<String, Tensor> further,
      BiConsumer<Integer, Map<String, Tensor>> use) {
    Parallel.forEach(
        data.size(),
        threads,
        sample -> {
          Map<String, Tensor> inputs = new HashMap<>(further);
          for (String feed : segment.feeds()) {
            if (known.holds(feed)) {
              inputs.put(Segment.integers(feed), known.get(feed, sample));
            } else {
              inputs.put(feed, requireNonNull(data.sample(sample).inputs().get(feed)));
            }
          }
          runner.run(inputs, outputs -> use.accept(sample, outputs));
        });
  }
}
