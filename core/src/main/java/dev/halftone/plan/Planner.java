package dev.halftone.plan;

import static java.util.Objects.requireNonNull;

import dev.halftone.UnusableInputException;
import dev.halftone.calibrate.Statistics;
import dev.halftone.calibrate.TensorStatistics;
import dev.halftone.device.IntegerKernel;
import dev.halftone.engine.Parallel;
import dev.halftone.form.RowTable;
import dev.halftone.graph.Graph;
import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Node;
import dev.halftone.plan.range.PowerRange;
import dev.halftone.plan.range.Ranges;
import dev.halftone.recipe.Observer;
import dev.halftone.recipe.Recipe;
import dev.halftone.recipe.Rules;
import dev.halftone.recipe.Subject;
import dev.halftone.scheme.Affine;
import dev.halftone.scheme.QuantizedType;
import dev.halftone.scheme.Range;
import dev.halftone.scheme.Scales;
import dev.halftone.tensor.Shape;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Turns placement and statistics into numbers.
public final class Planner {

  /// A range that reaches over a clamp's bound by no more than this share of the bound counts as within it.
  private static final float SLACK = 1e-5f;

  private Planner() {}

  /// Ranges by the statistics alone.
  public static Plan plan(
      Graph graph, Placement placement, Statistics statistics, Recipe recipe, int threads) {
    return plan(graph, placement, statistics, recipe, Map.of(), threads);
  }

  /// @param byOutput which observer's range makes the least error of the network's output, by the tensor; what is missing takes that of
  ///     the recipe's observer
  public static Plan plan(
      Graph graph,
      Placement placement,
      Statistics statistics,
      Recipe recipe,
      Map<String, Observer> byOutput,
      int threads) {
    NarrowActivations narrow = NarrowActivations.of(graph, placement, recipe);
    ActivationTypes types = new ActivationTypes(graph, placement, recipe.rules(), narrow);
    GraphIndex index = new GraphIndex(graph);
    Map<String, Plan.RangeChoice> choices =
        choices(
            placement.observed(),
            threads,
            root ->
                choice(
                    root,
                    placement,
                    seen(root, statistics, index),
                    recipe,
                    types,
                    byOutput.get(root)));
    Map<String, Affine> activations = new LinkedHashMap<>();
    placement
        .shares()
        .forEach((tensor, share) -> {
          Range chosen = requireNonNull(choices.get(share.tensor())).chosen();
          Affine grid = within(Affine.covering(chosen, types.of(tensor)), share, placement, recipe);
          activations.put(tensor, grid.scaledBy(share.factor()));
        });
    return new Plan(
        placement.device(),
        recipe.name(),
        new Plan.Grids(
            activations,
            placement.rescaled(),
            constants(graph, placement, types, recipe.scales()),
            absorbed(placement, activations),
            List.copyOf(choices.values()),
            ProductInputs.of(graph, placement, statistics, recipe)),
        WeightGroup.unified(
            placement.layers().stream().map(layer -> layer(graph, layer, recipe, narrow)).toList(),
            recipe.rules()),
        placement.stored().stream().map(weight -> stored(graph, weight, recipe.rules())).toList(),
        keptFloat(placement, index, activations));
  }

  /// The bounds of a clamp are kept to the last digit, so that the integers do the clamping.
  private static Affine within(
      Affine grid, Placement.Share share, Placement placement, Recipe recipe) {
    Range bounds = placement.bounds().get(share.tensor());
    return bounds == null || recipe.scales() != Scales.ANY || !bounds.equals(bounds.withZero())
        ? grid
        : grid.within(bounds);
  }

  private static Map<String, Plan.RangeChoice> choices(
      Collection<String> roots, int threads, Function<String, Plan.RangeChoice> choice) {
    List<String> all = List.copyOf(roots);
    List<Plan.RangeChoice> chosen = Parallel.map(all, threads, choice);
    Map<String, Plan.RangeChoice> choices = new LinkedHashMap<>();
    for (int i = 0; i < chosen.size(); i++) {
      choices.put(all.get(i), chosen.get(i));
    }
    return choices;
  }

  /// What was observed of a tensor: of one that is copied for layers with few bits, statistics for other recipes know the tensor alone.
  private static TensorStatistics seen(String root, Statistics statistics, GraphIndex index) {
    return statistics
        .of(root)
        .or(() -> Copies.source(root, index).flatMap(statistics::of))
        .orElseThrow(() ->
            new UnusableInputException(
                "the statistics do not know tensor "
                    + root
                    + ": calibrate again with this model and this recipe"));
  }

  private static Plan.RangeChoice choice(
      String root,
      Placement placement,
      TensorStatistics seen,
      Recipe recipe,
      ActivationTypes types,
      @Nullable Observer byOutput) {
    QuantizedType type = types.of(root);
    Range all = new Range(seen.min(), seen.max());
    Range dictated = placement.dictated().get(root);
    if (dictated != null) {
      return new Plan.RangeChoice(root, all, dictated, "kernel");
    }
    Observer observer = byOutput == null ? types.observer(root).withoutSamples() : byOutput;
    String reason =
        (byOutput == null ? "" : "output error: ")
            + observer.text()
            + placement.unlike(root).map(words -> "; " + words).orElse("");
    Range chosen = Ranges.choose(observer, seen, type).withZero();
    Range bounds =
        placement.bounds().getOrDefault(root, new Range(-Float.MAX_VALUE, Float.MAX_VALUE));
    Range within = chosen.intersect(bounds.withZero());
    if (recipe.scales() == Scales.POWERS_OF_TWO) {
      Range power = PowerRange.choose(within, seen.distribution(), type);
      return new Plan.RangeChoice(root, all, power, reason + ", power of two");
    }
    return new Plan.RangeChoice(root, all, within, reason);
  }

  /// In the integers of what the operation makes, for its kernel takes one type only.
  private static Map<String, Affine> constants(
      Graph graph, Placement placement, ActivationTypes types, Scales scales) {
    Map<String, Affine> constants = new LinkedHashMap<>();
    for (Node node : placement.integer()) {
      if (placement.device().kernel(node) == IntegerKernel.ARITHMETIC
          && !placement.rescaled().containsKey(node.output())) {
        for (String input : node.inputs()) {
          graph
              .constant(input)
              .ifPresent(tensor ->
                  constants.merge(
                      input,
                      covering(tensor.toFloats(), types.readBy(node), scales),
                      Planner::finer));
        }
      }
    }
    return constants;
  }

  /// A constant that two operations read has the integers of the one that asks for more.
  private static Affine finer(Affine one, Affine other) {
    return one.type().steps() >= other.type().steps() ? one : other;
  }

  private static Affine covering(float[] values, QuantizedType type, Scales scales) {
    Range range = new Range(0, 0);
    for (float value : values) {
      range = range.union(new Range(value, value));
    }
    return Affine.covering(
        scales == Scales.POWERS_OF_TWO ? PowerRange.covering(range, type) : range, type);
  }

  private static Set<String> absorbed(Placement placement, Map<String, Affine> activations) {
    Set<String> absorbed = new LinkedHashSet<>();
    for (Node node : placement.integer()) {
      if (placement.device().kernel(node) == IntegerKernel.CLAMP
          && placement.bounds().containsKey(node.output())) {
        Range bounds = placement.bounds().get(node.output());
        Range covered = requireNonNull(activations.get(node.output())).range();
        boolean low = covered.low() >= bounds.low() - SLACK * Math.abs(bounds.low());
        boolean high = covered.high() <= bounds.high() + SLACK * Math.abs(bounds.high());
        if (low && high) {
          absorbed.add(node.output());
        }
      }
    }
    return absorbed;
  }

  private static LayerPlan layer(
      Graph graph, Layer layer, Recipe recipe, NarrowActivations narrow) {
    Subject subject = Subject.of(layer.node());
    boolean spared = narrow.layers().contains(layer) && !recipe.rules().namesWeights(subject);
    QuantizedType type = spared ? QuantizedType.weight(8) : recipe.rules().weightType(subject);
    Shape shape = graph.constant(layer.weight()).orElseThrow().shape();
    return new LayerPlan(layer, layer.node().label(), type, recipe.scales(), shape);
  }

  /// Weights that nothing is solved for have 8 bits, unless a rule asks for others by the name or kind of an operation that reads them; rows of
  /// tables have 8, for they are read as they stand, but for those whose neighbours share multipliers.
  private static Plan.Stored stored(Graph graph, StoredWeight weight, Rules rules) {
    QuantizedType type =
        weight.readers().stream()
            .map(Subject::of)
            .filter(rules::namesWeights)
            .map(rules::weightType)
            .max(Comparator.comparingInt(QuantizedType::steps))
            .filter(_ ->
                !(weight.form() instanceof RowTable(Optional<Integer> group)) || group.isPresent())
            .orElseGet(() -> QuantizedType.weight(8));
    return new Plan.Stored(
        weight.weight(),
        weight.labels().toList(),
        weight.form(),
        weight.granularity(),
        type,
        graph.constant(weight.weight()).orElseThrow().shape());
  }

  private static List<Plan.KeptFloat> keptFloat(
      Placement placement, GraphIndex index, Map<String, Affine> activations) {
    Map<Node, String> reasons = new HashMap<>(TooWide.of(placement, index, activations));
    Set<Node> integer = new HashSet<>(UnplannedIntegers.of(placement, index));
    integer.removeAll(reasons.keySet());
    reasons.putAll(placement.keptFloat());
    reasons.keySet().removeAll(integer);
    return index.graph().nodes().stream()
        .filter(reasons::containsKey)
        .map(node ->
            new Plan.KeptFloat(node.label(), node.opType(), requireNonNull(reasons.get(node))))
        .toList();
  }
}
