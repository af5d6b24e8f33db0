package dev.halftone.plan.rounding;

import static java.util.Objects.requireNonNull;

import dev.halftone.calibrate.Statistics;
import dev.halftone.calibrate.TensorStatistics;
import dev.halftone.engine.Progress;
import dev.halftone.engine.Runner;
import dev.halftone.graph.Model;
import dev.halftone.plan.Layer;
import dev.halftone.plan.LayerPlan;
import dev.halftone.plan.Placement;
import dev.halftone.plan.QuantizedLayer;
import dev.halftone.scheme.QuantizedWeight;
import dev.halftone.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Goes through the network in graph order and settles one layer after the other, each on the inputs that the settled part before it gives:
/// first its weights, where they are to be solved for, then its bias.
final class LayerwiseSolver {

  /// The largest magnitude that is kept as a 16-bit float.
  private static final float LARGEST_HALF = 60_000;

  private static final int STEPS_WHERE_SOLVED = 3;

  private final Placement placement;
  private final boolean solves;
  private final LayerSolver solver;
  private final Prefix quantized;
  private final Prefix real;
  private final Map<String, QuantizedLayer> layers;
  private final Set<String> solved = new HashSet<>();

  /// @param layers numbers to start from, by the layer's key
  /// @param solves false where weights stay as they are
  LayerwiseSolver(
      Placement placement,
      LayerSolver solver,
      Prefix quantized,
      Prefix real,
      Map<String, QuantizedLayer> layers,
      boolean solves) {
    this.placement = placement;
    this.solver = solver;
    this.quantized = quantized;
    this.real = real;
    this.layers = new LinkedHashMap<>(layers);
    this.solves = solves;
  }

  static Map<String, ActivationStorage> realForms(
      Model model, Placement placement, Statistics statistics) {
    Map<String, ActivationStorage> forms = new TreeMap<>();
    for (String root : placement.steps()) {
      boolean fed = model.graph().inputs().stream().anyMatch(in -> in.name().equals(root));
      if (!fed) {
        boolean fits = statistics.of(root).filter(LayerwiseSolver::fitsHalf).isPresent();
        forms.put(root, fits ? new ActivationStorage.Half() : new ActivationStorage.Full());
      }
    }
    return forms;
  }

  private static boolean fitsHalf(TensorStatistics seen) {
    return Math.max(-seen.min(), seen.max()) < LARGEST_HALF;
  }

  /// @return the layers with the weights and biases that were found
  Map<String, QuantizedLayer> run(Optional<BiasCorrection> correction, Progress.Stages stages) {
    EvaluationOrder course = EvaluationOrder.of(quantized.model().graph(), placement);
    List<String> targets = course.targets();
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
      course.forget(i, quantized, real);
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
    int channels = Math.toIntExact(numbers.weight().shape().dim(layer.outputAxis()));
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

  /// Layers that share weights are solved for with the first of them.
  private void solve(Layer layer) {
    if (solved.contains(layer.key())) {
      return;
    }
    QuantizedWeight weight = solver.solve(layer, quantized, real).weight();
    for (LayerPlan user : solver.group(layer).users()) {
      String key = user.layer().key();
      solved.add(key);
      layers.computeIfPresent(key, (_, numbers) -> numbers.withWeight(weight));
    }
  }
}
