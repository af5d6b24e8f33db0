package dev.halftone.plan.rounding;

import static java.util.Objects.requireNonNull;

import dev.halftone.calibrate.Statistics;
import dev.halftone.data.Dataset;
import dev.halftone.device.Device;
import dev.halftone.engine.Backend;
import dev.halftone.engine.Execution;
import dev.halftone.engine.Parallel;
import dev.halftone.engine.Progress;
import dev.halftone.graph.Graph;
import dev.halftone.graph.Model;
import dev.halftone.graph.shape.ShapeInference;
import dev.halftone.graph.shape.Types;
import dev.halftone.plan.Layer;
import dev.halftone.plan.LayerPlan;
import dev.halftone.plan.Placement;
import dev.halftone.plan.Plan;
import dev.halftone.plan.QuantizedLayer;
import dev.halftone.plan.WeightGroup;
import dev.halftone.recipe.Recipe;
import dev.halftone.recipe.Rounding;
import dev.halftone.scheme.Granularity;
import dev.halftone.scheme.Multiples;
import dev.halftone.scheme.QuantizedWeight;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Chooses the integers of every layer as the recipe says.
public final class Solver {

  /// Activations that bias correction may look at, over all layers and samples.
  private static final long ELEMENTS = 100_000_000;

  /// Activations that solving may look at: it needs more samples, since it chooses many more numbers.
  private static final long ELEMENTS_TO_SOLVE = 1_500_000_000;

  private static final long LEAST_SAMPLES = 16;

  private final Execution execution;
  private final Placement placement;
  private final Plan plan;
  private final Statistics statistics;
  private final Dataset data;

  /// @param data the samples that the statistics are of
  public Solver(
      Execution execution, Placement placement, Plan plan, Statistics statistics, Dataset data) {
    this.execution = execution;
    this.placement = placement;
    this.plan = plan;
    this.statistics = statistics;
    this.data = data;
  }

  /// @param model its weights are what the integers shall stand for
  public Map<String, QuantizedLayer> solve(Model model, Recipe recipe) {
    Backend runtime = execution.runtime();
    int threads = execution.threads();
    Progress.Stages stages = execution.progress();
    Map<String, QuantizedLayer> layers = nearest(model.graph(), plan, placement.device(), threads);
    if (!recipe.settlesLayers() || layers.isEmpty()) {
      return layers;
    }
    Dataset known = statistics.samplesIn(data, threads);
    Types types = ShapeInference.of(model, known.sample(0).inputs());
    Dataset chosen = known.first(samples(placement, types, recipe));
    Optional<BiasCorrection> correction =
        recipe.biasCorrection()
            ? Optional.of(
                BiasCorrection.towards(
                    runtime,
                    model,
                    placement,
                    chosen,
                    threads,
                    stages.stage("Measuring float layers", chosen.size())))
            : Optional.empty();
    LayerSolver solver =
        new LayerSolver(model.graph(), plan, placement.device(), types, recipe.rounding());
    Map<String, ActivationStorage> reals = LayerwiseSolver.realForms(model, placement, statistics);
    Map<String, ActivationStorage> integers = new TreeMap<>(reals);
    plan.activations().forEach((tensor, grid) -> integers.put(tensor, ActivationStorage.on(grid)));
    try (Prefix quantized = new Prefix(runtime, model, chosen, threads, integers);
        Prefix real = new Prefix(runtime, model, chosen, threads, reals)) {
      return new LayerwiseSolver(
              placement, solver, quantized, real, layers, recipe.rounding().solves())
          .run(correction, stages);
    }
  }

  /// The weights of each layer as they would be if that layer alone were quantized: what their sensitivity is measured with.
  ///
  /// @param samples how many of the data are looked at, at most
  public Map<String, QuantizedLayer> apart(Model prepared, Rounding rounding, int samples) {
    int threads = execution.threads();
    Dataset known = statistics.samplesIn(data, threads).first(samples);
    Types types = ShapeInference.of(prepared, known.sample(0).inputs());
    Map<String, ActivationStorage> forms =
        LayerwiseSolver.realForms(prepared, placement, statistics);
    LayerSolver solver =
        new LayerSolver(prepared.graph(), plan, placement.device(), types, rounding);
    try (Prefix real = new Prefix(execution.runtime(), prepared, known, threads, forms)) {
      Progress progress =
          execution.progress().stage("Rounding layers one by one", placement.layers().size());
      return IndependentRounding.solve(prepared.graph(), placement, solver, real, progress);
    }
  }

  /// As many samples as the recipe allows, fewer for a network with large activations: a channel of many elements needs fewer samples
  /// for its mean, and the time is spent per element.
  private static int samples(Placement placement, Types types, Recipe recipe) {
    long elements = 1;
    for (Layer layer : placement.layers()) {
      elements += types.shape(layer.output()).map(Shape::count).orElse(0L);
    }
    long budget = recipe.rounding() == Rounding.NEAREST ? ELEMENTS : ELEMENTS_TO_SOLVE;
    long affordable = Math.max(LEAST_SAMPLES, budget / elements);
    return (int) Math.min(recipe.samples(), affordable);
  }

  /// The weights of each layer by its key, each rounded by itself.
  public static Map<String, QuantizedLayer> nearest(
      Graph graph, Plan plan, Device device, int threads) {
    List<WeightGroup> groups = WeightGroup.of(plan.layers());
    List<QuantizedWeight> rounded =
        Parallel.map(groups, threads, group -> nearest(graph, group, plan, device));
    Map<String, QuantizedWeight> weights = new HashMap<>();
    for (int i = 0; i < rounded.size(); i++) {
      for (LayerPlan user : groups.get(i).users()) {
        weights.put(user.layer().key(), rounded.get(i));
      }
    }
    Map<String, QuantizedLayer> layers = new LinkedHashMap<>();
    for (LayerPlan planned : plan.layers()) {
      Layer layer = planned.layer();
      layers.put(
          layer.key(),
          new QuantizedLayer(requireNonNull(weights.get(layer.key())), layer.biasIn(graph)));
    }
    return layers;
  }

  /// Numbers that take as much room in a file as those that [#solve] chooses.
  public static Map<String, QuantizedLayer> filled(
      Graph graph, Plan plan, Device device, Rounding rounding, int threads) {
    Map<String, QuantizedLayer> layers = new LinkedHashMap<>(nearest(graph, plan, device, threads));
    for (LayerPlan planned : plan.layers()) {
      if (CodebookFit.isFor(planned, rounding, device)) {
        layers.computeIfPresent(
            planned.layer().key(),
            (_, layer) ->
                new QuantizedLayer(
                    CodebookFit.filled(layer.weight(), planned.type()), layer.bias()));
      }
    }
    return layers;
  }

  private static QuantizedWeight nearest(Graph graph, WeightGroup group, Plan plan, Device device) {
    LayerPlan planned = group.first();
    Layer layer = planned.layer();
    Tensor weight = graph.constant(layer.weight()).orElseThrow();
    Granularity granularity = layer.granularity();
    if (planned.multiples().isPresent()) {
      Multiples levels = planned.multiples().get();
      return MultipleScales.nearest(
          weight,
          layer.outputAxis(),
          levels,
          Multiples.most(levels.steps(), plan.pairLimit(layer)));
    }
    return granularity instanceof Granularity.PerGroup
        ? Nearest.quantize(weight, granularity, planned.type(), planned.scales())
        : Nearest.quantize(
            weight,
            granularity,
            planned.type(),
            LeastScales.of(group, graph, plan, device).scales(),
            planned.scales());
  }
}
