package dev.halftone.plan.rounding;

import static java.util.Objects.requireNonNull;

import dev.halftone.calibrate.Statistics;
import dev.halftone.calibrate.TensorStatistics;
import dev.halftone.data.Dataset;
import dev.halftone.engine.Progress;
import dev.halftone.engine.Runner;
import dev.halftone.engine.Runtime;
import dev.halftone.graph.Graph;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.graph.shape.Types;
import dev.halftone.plan.Layer;
import dev.halftone.plan.Placement;
import dev.halftone.plan.Plan;
import dev.halftone.plan.QuantizedLayer;
import dev.halftone.scheme.Affine;
import dev.halftone.scheme.QuantizedType;
import dev.halftone.scheme.QuantizedWeight;
import dev.halftone.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Goes through the network in graph order and settles one layer after the other, each on the inputs that the settled part before it gives:
/// first its weights, where they are to be solved for, then its bias.
final class Walk implements AutoCloseable {

  /// The largest magnitude that is kept as a 16-bit float.
  private static final float LARGEST_HALF = 60_000;

  private static final int STEPS_WHERE_SOLVED = 3;

  private final Model model;
  private final Placement placement;
  private final Plan plan;
  private final boolean solves;
  private final Map<String, QuantizedType> types = new HashMap<>();
  private final Types shapes;
  private final Prefix quantized;
  private final Prefix real;
  private final Map<String, QuantizedLayer> layers;

  /// @param shapes of the tensors for one sample
  /// @param layers numbers to start from, by the layer's key
  /// @param solves whether the weights are solved for; else they stay as they are
  Walk(
      Runtime runtime,
      Model model,
      Placement placement,
      Plan plan,
      Statistics statistics,
      Types shapes,
      Map<String, QuantizedLayer> layers,
      boolean solves,
      Dataset data,
      int threads) {
    this.model = model;
    this.placement = placement;
    this.plan = plan;
    this.shapes = shapes;
    this.solves = solves;
    this.layers = new LinkedHashMap<>(layers);
    for (Plan.LayerPlan planned : plan.layers()) {
      types.put(planned.layer().key(), planned.type());
    }
    Map<String, Stored> integers = new TreeMap<>();
    plan.activations().forEach((tensor, grid) -> integers.put(tensor, Stored.on(grid)));
    this.quantized = new Prefix(runtime, model, data, threads, integers);
    this.real = new Prefix(runtime, model, data, threads, realForms(statistics));
  }

  private Map<String, Stored> realForms(Statistics statistics) {
    Map<String, Stored> forms = new TreeMap<>();
    for (String root : placement.observed()) {
      boolean fed = model.graph().inputs().stream().anyMatch(in -> in.name().equals(root));
      if (!fed) {
        TensorStatistics seen = statistics.of(root).orElseThrow();
        boolean fits = Math.max(-seen.min(), seen.max()) < LARGEST_HALF;
        forms.put(root, fits ? new Stored.Half() : new Stored.Full());
      }
    }
    return forms;
  }

  /// The targets in graph order: each tensor that shares no other's scale, and what each layer that hands out floats makes.
  private List<String> targets() {
    Graph graph = model.graph();
    Set<String> roots = placement.observed();
    List<String> targets = new ArrayList<>();
    for (Node node : graph.nodes()) {
      for (String output : node.outputs()) {
        if (roots.contains(output) || placement.layerMaking(output).isPresent()) {
          targets.add(output);
        }
      }
    }
    return targets;
  }

  /// For each target the position of the last one that is computed from it.
  private Map<String, Integer> lastUses(List<String> targets) {
    Map<String, Integer> last = new HashMap<>();
    for (int i = 0; i < targets.size(); i++) {
      last.put(targets.get(i), i);
      for (String feed :
          Segment.between(model.graph(), placement.observed(), targets.get(i)).feeds()) {
        last.put(feed, i);
      }
    }
    return last;
  }

  /// @return the layers with the weights and biases that were found
  Map<String, QuantizedLayer> run(Optional<BiasCorrection> correction, Progress.Stages stages) {
    List<String> targets = targets();
    Map<String, Integer> lastUse = lastUses(targets);
    Progress progress =
        stages.stage(solves ? "Solving layers" : "Correcting biases", targets.size());
    for (int i = 0; i < targets.size(); i++) {
      String target = targets.get(i);
      placement
          .layerMaking(target)
          .ifPresentOrElse(
              layer -> settle(layer, correction),
              () -> quantized.advance(quantized.segment(target)));
      if (solves) {
        real.advance(real.segment(target));
      }
      int now = i;
      lastUse.forEach((tensor, last) -> {
        if (last == now) {
          quantized.forget(tensor);
          real.forget(tensor);
        }
      });
      progress.step();
    }
    return layers;
  }

  private void settle(Layer layer, Optional<BiasCorrection> correction) {
    if (solves) {
      solve(layer);
    }
    QuantizedLayer numbers = requireNonNull(layers.get(layer.key()));
    String weight = layer.key() + "/weight";
    List<String> inputs = new ArrayList<>(List.of(layer.node().input(0), weight));
    Map<String, Tensor> constants = new HashMap<>();
    constants.put(weight, numbers.weight().dequantized());
    Segment segment = quantized.segment(layer.output());
    if (layer.node().is("MatMul")) {
      quantized.change(layer.node(), layer.node().withInputs(inputs), constants);
      quantized.advance(segment);
      return;
    }
    String biasName = layer.key() + "/bias";
    inputs.add(biasName);
    quantized.change(layer.node(), layer.node().withInputs(inputs), constants);
    int channels = numbers.weight().grid().scales().length;
    float[] bias = numbers.bias().length > 0 ? numbers.bias().clone() : new float[channels];
    try (Runner runner = quantized.open(segment, List.of(biasName))) {
      int steps = correction.isEmpty() ? 0 : solves ? STEPS_WHERE_SOLVED : 1;
      for (int step = 0; step < steps; step++) {
        correction.get().step(quantized, segment, runner, biasName, bias);
      }
      quantized.advance(segment, runner, Map.of(biasName, Tensor.vector(bias)));
    }
    quantized.change(
        layer.node(), layer.node().withInputs(inputs), Map.of(biasName, Tensor.vector(bias)));
    layers.put(layer.key(), numbers.withBias(bias));
  }

  private void solve(Layer layer) {
    QuantizedLayer start = requireNonNull(layers.get(layer.key()));
    QuantizedType type = requireNonNull(types.get(layer.key()));
    Affine grid = requireNonNull(plan.activations().get(layer.input()));
    Tensor weight = model.graph().constant(layer.weight()).orElseThrow();
    InputRows rows = InputRows.of(layer, weight.shape());
    SecondMoments moments =
        Moments.measure(layer, weight.shape(), rows, quantized, real, places(layer));
    QuantizedWeight integers =
        LeastSquares.quantize(
            weight,
            layer.outputAxis(),
            rows,
            moments,
            type,
            BiasScale.least(start.bias(), rows.outputs(), grid),
            quantized.threads());
    layers.put(layer.key(), new QuantizedLayer(integers, start.bias()));
  }

  /// Places of a convolution's output in one sample; 1 where shape inference cannot tell.
  private long places(Layer layer) {
    return shapes
        .shape(layer.node().output())
        .filter(shape -> shape.rank() > 2)
        .map(shape -> shape.count() / Math.max(1, shape.dim(0) * shape.dim(1)))
        .orElse(1L);
  }

  @Override
  public void close() {
    quantized.close();
    real.close();
  }
}
