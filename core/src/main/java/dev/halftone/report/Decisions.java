package dev.halftone.report;

import dev.halftone.calibrate.Statistics;
import dev.halftone.calibrate.TensorStatistics;
import dev.halftone.graph.Graph;
import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Node;
import dev.halftone.plan.Layer;
import dev.halftone.plan.LayerPlan;
import dev.halftone.plan.Plan;
import dev.halftone.plan.Plan.RangeChoice;
import dev.halftone.report.RunSummary.GridWords;
import dev.halftone.report.RunSummary.KeptFloat;
import dev.halftone.report.RunSummary.PlanRow;
import dev.halftone.report.RunSummary.RangeHistogram;
import dev.halftone.scheme.Affine;
import dev.halftone.scheme.QuantizedType;
import dev.halftone.scheme.Range;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// A plan as the rows and charts of a report.
public final class Decisions {

  private static final int BINS = 256;

  private Decisions() {}

  /// Activations in graph order, each layer's weights and bias before the tensor it makes.
  ///
  /// @param graph the one that the plan is for
  public static List<PlanRow> rows(Graph graph, Plan plan) {
    Map<String, LayerPlan> layers = new HashMap<>();
    plan.layers().forEach(layer -> layers.put(layer.layer().output(), layer));
    Map<String, RangeChoice> ranges = new HashMap<>();
    plan.ranges().forEach(choice -> ranges.put(choice.tensor(), choice));
    GraphIndex index = new GraphIndex(graph);
    SharingWords sharing = new SharingWords(index, plan);
    List<PlanRow> rows = new ArrayList<>();
    plan.activations()
        .forEach((tensor, affine) -> {
          LayerPlan layer = layers.remove(tensor);
          if (layer != null) {
            layer(rows, layer, sharing);
          }
          RangeChoice choice = ranges.get(tensor);
          String reason =
              choice == null ? "takes over the integers it is made from" : choice.reason();
          String op = index.producer(tensor).map(Node::opType).orElse("input");
          rows.add(row(tensor, op, "activation", affine, reason));
        });
    plan.layers().stream()
        .filter(layer -> layers.containsKey(layer.layer().output()))
        .forEach(layer -> layer(rows, layer, sharing));
    plan.constants()
        .forEach((tensor, affine) ->
            rows.add(row(tensor, "constant", "constant", affine, "lowest to highest element")));
    return rows;
  }

  private static void layer(List<PlanRow> rows, LayerPlan plan, SharingWords sharing) {
    String op = plan.layer().node().opType();
    rows.add(
        new PlanRow(
            plan.layer().weight(),
            op,
            "weights",
            new GridWords(name(plan.type()), "per channel", "symmetric"),
            "a scale for each output channel, from its greatest magnitude" + sharing.of(plan)));
    plan.layer().bias().ifPresent(bias -> rows.add(bias(bias, plan.layer())));
  }

  private static PlanRow bias(String bias, Layer layer) {
    return new PlanRow(
        bias,
        layer.node().opType(),
        "bias",
        new GridWords(layer.readsIntegers() ? "int32" : "float", "per channel", ""),
        layer.readsIntegers()
            ? "scale of the input times scale of the weights"
            : layer.isFloat() ? "the layer computes with floats" : "added to a float product");
  }

  private static PlanRow row(String tensor, String op, String role, Affine affine, String reason) {
    Range range = affine.range();
    return new PlanRow(
        tensor,
        op,
        role,
        new GridWords(
            name(affine.type()),
            "per tensor",
            "[" + number(range.low()) + ", " + number(range.high()) + "]"),
        reason);
  }

  /// As in `5.637`.
  private static String number(double value) {
    return new BigDecimal(value, new MathContext(4)).stripTrailingZeros().toPlainString();
  }

  private static String name(QuantizedType type) {
    String storage = type.storage().name().toLowerCase(Locale.ROOT);
    return type.bits() < type.storage().bits() ? type.bits() + " bits in " + storage : storage;
  }

  public static List<KeptFloat> keptFloat(Plan plan) {
    return plan.keptFloat().stream()
        .map(kept -> new KeptFloat(kept.node(), kept.op(), kept.reason()))
        .toList();
  }

  /// What stayed float in the runtime; where the plan decided that, the plan's reason.
  public static List<KeptFloat> keptFloat(Plan plan, List<KeptFloat> found) {
    Map<String, String> reasons = new HashMap<>();
    plan.keptFloat().forEach(kept -> reasons.put(kept.node(), kept.reason()));
    return found.stream()
        .map(kept ->
            new KeptFloat(kept.node(), kept.op(), reasons.getOrDefault(kept.node(), kept.reason())))
        .toList();
  }

  /// What was seen of each activation that has a range of its own, with that range.
  public static List<RangeHistogram> histograms(Plan plan, Statistics statistics) {
    List<RangeHistogram> histograms = new ArrayList<>();
    plan.activations()
        .forEach((tensor, affine) ->
            statistics
                .of(tensor)
                .ifPresent(seen -> histograms.add(histogram(tensor, affine, seen))));
    return histograms;
  }

  private static RangeHistogram histogram(String tensor, Affine affine, TensorStatistics seen) {
    double low = seen.min();
    double high = seen.max() > low ? seen.max() : low + 1;
    List<Long> counts =
        Arrays.stream(seen.distribution().linear(low, high, BINS)).mapToObj(Math::round).toList();
    Range range = affine.range();
    return new RangeHistogram(
        tensor,
        new RunSummary.Bins(low, high, counts),
        new RunSummary.Covered(range.low(), range.high(), affine.scale(), affine.zeroPoint()));
  }
}
