package dev.halftone;

import dev.halftone.calibrate.Statistics;
import dev.halftone.data.Dataset;
import dev.halftone.device.Device;
import dev.halftone.device.Devices;
import dev.halftone.engine.Backend;
import dev.halftone.engine.Blame;
import dev.halftone.engine.Execution;
import dev.halftone.engine.Progress;
import dev.halftone.equalize.Equalization;
import dev.halftone.graph.Model;
import dev.halftone.integer.IntegerGraph;
import dev.halftone.plan.FloatReaders;
import dev.halftone.plan.NarrowCopies;
import dev.halftone.plan.Obstacles;
import dev.halftone.plan.Placement;
import dev.halftone.plan.Plan;
import dev.halftone.plan.Planner;
import dev.halftone.plan.QuantizedLayer;
import dev.halftone.plan.rounding.Solver;
import dev.halftone.prepare.Prepare;
import dev.halftone.prepare.RaiseOpset;
import dev.halftone.recipe.Observer;
import dev.halftone.recipe.Recipe;
import dev.halftone.rewrite.InsertCopies;
import dev.halftone.rewrite.InsertQdq;
import dev.halftone.rewrite.LowerToInteger;
import dev.halftone.rewrite.StoredIntegers;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/// The whole flow: prepare, calibrate, plan, solve, rewrite. Reading, verifying and writing stand around it; `dev.halftone.session` does all of
/// that, and ends with a verdict.
///
/// ```java
/// Model model = OnnxReader.read(Path.of("classifier.onnx"));
/// Dataset pictures = Datasets.open(Path.of("pictures"), model, Preprocessing.defaultsFor(model));
/// Backend runtime = new OrtRuntime();
/// Quantizer quantizer = new Quantizer(runtime, Recipe.W8A8);
/// OnnxWriter.write(quantizer.quantize(model, pictures).model(), Path.of("classifier-unmeasured.onnx"));
/// ```
///
/// @param execution runs the float model
/// @param device what the integer model shall run on
public record Quantizer(Execution execution, Recipe recipe, Device device) {

  /// The first opset whose QuantizeLinear makes 16-bit integers.
  private static final long WIDE_OPSET = 21;

  /// What only quantized models have.
  private static final Set<String> QUANTIZED =
      Set.of(
          "DequantizeLinear",
          "DynamicQuantizeLinear",
          "DynamicQuantizeLSTM",
          "DynamicQuantizeMatMul",
          "QLinearConv",
          "QLinearMatMul",
          "QGemm",
          "ConvInteger",
          "MatMulInteger",
          "MatMulIntegerToFloat",
          "MatMulNBits",
          "GatherBlockQuantized");

  public Quantizer(Backend runtime, Recipe recipe) {
    this(
        runtime,
        recipe,
        Devices.ONNX_RUNTIME_CPU,
        java.lang.Runtime.getRuntime().availableProcessors(),
        Progress.Stages.NONE);
  }

  public Quantizer(Backend runtime, Recipe recipe, int threads, Progress.Stages stages) {
    this(runtime, recipe, Devices.ONNX_RUNTIME_CPU, threads, stages);
  }

  public Quantizer(
      Backend runtime, Recipe recipe, Device device, int threads, Progress.Stages stages) {
    this(new Execution(runtime, threads, stages), recipe, device);
  }

  public Backend runtime() {
    return execution.runtime();
  }

  public int threads() {
    return execution.threads();
  }

  public Progress.Stages stages() {
    return execution.progress();
  }

  public Quantizer withRecipe(Recipe other) {
    return new Quantizer(execution, other, device);
  }

  public Quantizer withStages(Progress.Stages other) {
    return new Quantizer(execution.withProgress(other), recipe, device);
  }

  private Placements placements() {
    return new Placements(runtime(), recipe, device);
  }

  /// Everything from a float model to an integer one.
  ///
  /// @param data calibration samples; labels are not looked at
  public Quantized quantize(Model model, Dataset data) {
    Calibrated calibrated = calibrate(prepare(model), data);
    return quantize(calibrated.prepared(), calibrated.statistics(), data);
  }

  /// The same without samples, as far as the recipe can be followed: weights are rounded to nearest and biases not corrected.
  ///
  /// Throws UnusableInputException where the recipe makes integers of activations, whose ranges must be observed.
  public Quantized quantize(Model model) {
    return withRecipe(recipe.withoutSamples()).quantize(model, Dataset.NONE);
  }

  /// The float model in the form that the later stages read: the same results, other operations.
  public Model prepare(Model model) {
    return Blame.on(
        model,
        runtime(),
        () -> {
          Model prepared = raised(Prepare.apply(model, runtime(), device));
          Model narrow =
              InsertCopies.apply(
                  prepared, NarrowCopies.of(prepared.graph(), () -> place(prepared), recipe));
          return device.hasFloats()
              ? InsertCopies.apply(narrow, FloatReaders.of(narrow.graph(), place(narrow)))
              : narrow;
        });
  }

  private Model raised(Model prepared) {
    return recipe.rules().hasWideActivations() ? RaiseOpset.to(prepared, WIDE_OPSET) : prepared;
  }

  private static Model raised(Model prepared, Plan plan) {
    return plan.isWide() ? RaiseOpset.to(prepared, WIDE_OPSET) : prepared;
  }

  /// Observes what the recipe needs; the statistics serve every recipe for the same prepared model and device.
  public Calibrated calibrate(Model prepared, Dataset data) {
    return calibrate(prepared, place(prepared), Placement::observed, data);
  }

  /// Observes other tensors than the recipe needs.
  ///
  /// @param placement of the prepared model
  /// @param tensors that are to be observed of a network placed so
  public Calibrated calibrate(
      Model prepared, Placement placement, Function<Placement, Set<String>> tensors, Dataset data) {
    return new Observation(execution, placements(), tensors, data).of(prepared, placement);
  }

  /// What saved or merged statistics were made of.
  ///
  /// @param prepared not equalized yet
  public Calibrated calibrated(Model prepared, Statistics statistics) {
    Model equalized = equalized(prepared, statistics.equalization());
    return placements().calibrated(equalized, place(equalized), statistics);
  }

  private static Model equalized(Model prepared, Equalization equalization) {
    return requireOf(() -> equalization.apply(prepared));
  }

  private static <T> T requireOf(Supplier<T> made) {
    try {
      return made.get();
    } catch (IllegalArgumentException e) {
      throw new UnusableInputException(
          "the statistics are of another model (" + e.getMessage() + "): calibrate again", e);
    }
  }

  /// One pass over a part of the data, for callers that split them: what it gives for the parts merges into what it gives for all. Channels
  /// are equalized by what all parts hold, so that takes two rounds.
  ///
  /// ```java
  /// Statistics first = observe(prepared, Equalization.NONE, a).merge(observe(prepared, Equalization.NONE, b));
  /// Equalization chosen = equalization(prepared, first);
  /// Statistics all =
  ///     chosen.isEmpty() ? first : observe(prepared, chosen, a).merge(observe(prepared, chosen, b));
  /// Calibrated calibrated = calibrated(prepared, all);
  /// ```
  ///
  /// @param equalization none in the first round; in the second, what [#equalization] made of the first
  public Statistics observe(Model prepared, Equalization equalization, Dataset part) {
    Observation pass = new Observation(execution, placements(), Placement::observed, part);
    if (equalization.isEmpty()) {
      return pass.first(prepared, place(prepared));
    }
    Model equalized = equalized(prepared, equalization);
    return pass.second(equalized, place(equalized)).with(equalization);
  }

  /// The factors that bring channels to one size; none where channels are well as they are.
  ///
  /// @param first of all of the data, not equalized yet
  public Equalization equalization(Model prepared, Statistics first) {
    return requireOf(() -> Observation.equalization(recipe, prepared, place(prepared), first));
  }

  /// Which operations would run in integers, and which would not and why.
  public Placement place(Model prepared) {
    return placements().of(prepared);
  }

  /// The same with what calibration saw of channels that share a scale.
  public Placement place(Model prepared, Statistics statistics) {
    return placements().of(prepared, statistics);
  }

  /// What would be done, without doing it.
  ///
  /// @param data the samples that the statistics are of
  public Plan plan(Model prepared, Statistics statistics, Dataset data) {
    return plan(prepared, place(prepared, statistics), statistics, data);
  }

  /// @param placement by these statistics
  public Plan plan(Model prepared, Placement placement, Statistics statistics, Dataset data) {
    Map<String, Observer> byOutput =
        recipe.rules().observer() instanceof Observer.Output
            ? OutputRanges.choose(execution, recipe, prepared, placement, statistics, data)
            : Map.of();
    return Planner.plan(prepared.graph(), placement, statistics, recipe, byOutput, threads());
  }

  /// The samples are searched for once, where the statistics do not know where they are.
  private Statistics located(Statistics statistics, Dataset data) {
    int count = recipe.samples();
    return recipe.needsSamples() && !statistics.isLocated(count)
        ? statistics.locatedIn(data, count, threads()).orElse(statistics)
        : statistics;
  }

  /// @param data the samples that the statistics are of
  public Quantized quantize(Model prepared, Statistics statistics, Dataset data) {
    Placement placement = placed(prepared, statistics);
    Statistics located = located(statistics, data);
    Plan plan = plan(prepared, placement, located, data);
    return quantize(prepared, placement, plan, located, data);
  }

  /// By a plan that was made before, with this recipe for this model. Throws UnusableInputException where it was not.
  ///
  /// @param data the samples that the statistics are of
  public Quantized quantize(Model prepared, Plan plan, Statistics statistics, Dataset data) {
    Placement placement = placed(prepared, statistics);
    plan.requireFor(placement, recipe);
    return quantize(prepared, placement, plan, located(statistics, data), data);
  }

  /// True of a model some of whose numbers are integers of a scale and a zero point, be it its weights alone.
  public static boolean isQuantized(Model model) {
    return model.graph().nodes().stream().anyMatch(node -> QUANTIZED.contains(node.opType()))
        || StoredIntegers.areIn(model);
  }

  private Placement placed(Model prepared, Statistics statistics) {
    Placement placement = place(prepared, statistics);
    if (placement.layers().isEmpty() && placement.stored().isEmpty()) {
      throw new UnsupportedModelException(
          isQuantized(prepared)
              ? "the model is quantized already: give the float model that it was made from"
              : "there is nothing to quantize: no weights of this model can become integers; "
                  + Obstacles.words(prepared, placement));
    }
    return placement;
  }

  private Quantized quantize(
      Model prepared, Placement placement, Plan plan, Statistics statistics, Dataset data) {
    Model ready = raised(prepared, plan);
    Map<String, QuantizedLayer> layers =
        new Solver(execution, placement, plan, statistics, data).solve(ready, recipe);
    return new Quantized(
        prepared, plan, statistics, layers, InsertQdq.apply(prepared, plan, layers));
  }

  /// What was quantized for [Devices#INTEGERS_ONLY] as a network of integers only.
  public IntegerGraph lower(Quantized quantized) {
    return LowerToInteger.apply(
        quantized.prepared(), place(quantized.prepared()), quantized.plan(), quantized.layers());
  }
}
