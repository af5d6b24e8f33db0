package dev.halftone.search;

import dev.halftone.Calibrated;
import dev.halftone.Quantizer;
import dev.halftone.data.Dataset;
import dev.halftone.plan.Placement;
import dev.halftone.plan.Plan;
import dev.halftone.plan.QuantizedLayer;
import dev.halftone.plan.WeightGroup;
import dev.halftone.plan.rounding.Solver;
import dev.halftone.recipe.Recipe;
import dev.halftone.recipe.Subject;
import dev.halftone.rewrite.InsertQdq;
import dev.halftone.wording.Counted;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Layers whose weights stay float, since one scale an output channel does not serve them: where the inputs of a layer are of
/// unlike size, the small weights that meet large inputs are what rounding loses.
///
/// @param base its recipe makes integers of weights alone
/// @param plan of all weights in integers
/// @param groups the layers of the plan by the weights they share
/// @param rounded the integers of each layer by its key, to the nearest
/// @param parameters how many weights each has, by its label, in graph order; of layers that share them, the first stands for all
/// @param most the share of the weights that may stay float
record FloatWeightFallback(
    Baseline base,
    Plan plan,
    List<WeightGroup> groups,
    Map<String, QuantizedLayer> rounded,
    Map<String, Double> parameters,
    double most)
    implements Fallback {

  /// Where this share of the weights stays float, the others make the file 1.5 times smaller: less is hardly worth having.
  static final double WORTHWHILE = 0.55;

  /// @param recipe that makes integers of weights alone
  /// @param most the share of the weights that may stay float
  static FloatWeightFallback of(Candidates trials, Recipe recipe, double most) {
    Baseline base = Baseline.of(trials, trials.quantizer(recipe));
    Quantizer quantizer = base.quantizer();
    Calibrated seen = base.seen();
    Placement placement = base.placement();
    Plan plan = quantizer.plan(seen.prepared(), placement, seen.statistics(), trials.calibrating());
    Map<String, Double> parameters = new LinkedHashMap<>();
    List<WeightGroup> groups = WeightGroup.of(plan.layers());
    groups.forEach(group ->
        parameters.merge(group.first().node(), (double) group.first().parameters(), Double::sum));
    plan.stored()
        .forEach(weight ->
            parameters.merge(weight.nodes().getFirst(), (double) weight.parameters(), Double::sum));
    return new FloatWeightFallback(
        base,
        plan,
        groups,
        Solver.nearest(seen.prepared().graph(), plan, placement.device(), quantizer.threads()),
        parameters,
        most);
  }

  @Override
  public List<String> labels() {
    return List.copyOf(parameters.keySet());
  }

  @Override
  public String words(int count) {
    return Counted.of(count, "layer") + " unquantized";
  }

  @Override
  public Recipe taking(List<String> labels) {
    return base.recipe().keepingFloat(List.copyOf(withSharing(labels)));
  }

  /// With the labels of the layers that share weights with these: integers that only some of them read would be stored beside the floats.
  private Set<String> withSharing(List<String> labels) {
    Set<String> some = new HashSet<>(labels);
    Set<String> all = new LinkedHashSet<>(labels);
    for (WeightGroup group : groups) {
      if (some.contains(group.first().node())) {
        group.users().forEach(user -> all.add(user.node()));
      }
    }
    for (Plan.Stored weight : plan.stored()) {
      if (some.contains(weight.nodes().getFirst())) {
        all.addAll(weight.nodes());
      }
    }
    return all;
  }

  @Override
  public boolean allows(List<String> labels) {
    double all = parameters.values().stream().mapToDouble(count -> count).sum();
    double kept = labels.stream().mapToDouble(label -> parameters.getOrDefault(label, 0.0)).sum();
    if (kept > most * all) {
      return false;
    }
    Recipe taking = taking(labels);
    return base.placement().layers().stream()
        .anyMatch(layer -> !taking.rules().keepsFloat(Subject.of(layer.node())));
  }

  @Override
  public boolean leavesSome(Recipe recipe) {
    return true; // no others are allowed
  }

  @Override
  public double noise(List<String> labels, Dataset few) {
    Set<String> some = withSharing(labels);
    Map<String, QuantizedLayer> layers = new LinkedHashMap<>(rounded);
    plan.layers().stream()
        .filter(layer -> !some.contains(layer.node()))
        .forEach(layer -> layers.remove(layer.layer().key()));
    return base.examiner()
        .noise(InsertQdq.apply(base.seen().prepared(), plan.withStored(some), layers), few);
  }

  @Override
  public Map<String, Double> savings(Dataset few) {
    return parameters;
  }
}
