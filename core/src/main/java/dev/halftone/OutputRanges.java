package dev.halftone;

import static java.util.Objects.requireNonNull;

import dev.halftone.calibrate.Statistics;
import dev.halftone.data.Dataset;
import dev.halftone.engine.Backend;
import dev.halftone.engine.Execution;
import dev.halftone.engine.Progress;
import dev.halftone.graph.Model;
import dev.halftone.plan.Placement;
import dev.halftone.plan.Plan;
import dev.halftone.plan.Planner;
import dev.halftone.recipe.Observer;
import dev.halftone.recipe.Recipe;
import dev.halftone.rewrite.InsertQdq;
import dev.halftone.scheme.Affine;
import dev.halftone.verify.Losses;
import dev.halftone.verify.NetworkOutputs;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// Chooses a range for each tensor among those of the observers. Each is judged by the error of the network's output where this tensor alone
/// is rounded and all others are float.
///
/// The range that fits the samples at hand best need not fit others best. So the default range stands, unless another is better by more than
/// chance.
final class OutputRanges {

  /// Samples that outputs are compared on, at most.
  private static final int SAMPLES = 32;

  /// Samples that outputs are compared on, at least, however large the outputs are.
  private static final int LEAST_SAMPLES = 8;

  /// Elements of the float network's outputs that are kept at once. Where all samples have more, fewer samples are compared.
  private static final int ELEMENTS = 20_000_000;

  /// The share of the whole error that may be left to tensors that are not looked at. The costliest come first.
  private static final double REST = 0.05;

  private static final Observer DEFAULT = new Observer.Output().withoutSamples();

  private static final List<Observer> OTHERS =
      List.of(
          new Observer.MinMax(),
          new Observer.Percentile(99.999),
          new Observer.Percentile(99.99),
          new Observer.Percentile(99.9),
          new Observer.Entropy());

  private final Execution execution;
  private final Model prepared;
  private final Map<Observer, Plan> plans;
  private final Map<String, Set<String>> sharing;
  private final NetworkOutputs outputs;

  private OutputRanges(
      Execution execution,
      Model prepared,
      Map<Observer, Plan> plans,
      Map<String, Set<String>> sharing,
      Dataset data) {
    this.execution = execution;
    this.prepared = prepared;
    this.plans = plans;
    this.sharing = sharing;
    this.outputs = NetworkOutputs.besides(execution.runtime(), prepared, data, execution.threads());
  }

  /// @param data the samples that the statistics are of
  /// @return the observer whose range a tensor takes, for the tensors that cost most
  static Map<String, Observer> choose(
      Execution execution,
      Recipe recipe,
      Model prepared,
      Placement placement,
      Statistics statistics,
      Dataset data) {
    if (placement.shares().isEmpty()) {
      return Map.of();
    }
    Map<Observer, Plan> plans = new LinkedHashMap<>();
    Stream.concat(Stream.of(DEFAULT), OTHERS.stream())
        .forEach(observer ->
            plans.put(
                observer,
                Planner.plan(
                    prepared.graph(),
                    placement,
                    statistics,
                    recipe.withObserver(observer),
                    execution.threads())));
    Dataset known = statistics.samplesIn(data, execution.threads());
    Dataset chosen = samples(execution.runtime(), prepared, known, recipe.samples());
    return new OutputRanges(execution, prepared, plans, placement.sharing(), chosen).choose();
  }

  private static Dataset samples(Backend runtime, Model prepared, Dataset known, int atMost) {
    Dataset one = known.first(1);
    int elements = NetworkOutputs.besides(runtime, prepared, one, 1).wanted().getFirst().length;
    int affordable = Math.max(LEAST_SAMPLES, ELEMENTS / Math.max(1, elements));
    return known.first(Math.min(affordable, Math.min(SAMPLES, atMost)));
  }

  private Map<String, Observer> choose() {
    Map<String, Losses> costs = costs();
    List<String> worst = worst(costs);
    Progress progress = execution.progress().stage("Choosing ranges", worst.size());
    Map<String, Observer> chosen = new LinkedHashMap<>();
    for (String tensor : worst) {
      chosen.put(tensor, best(tensor, requireNonNull(costs.get(tensor))));
      progress.step();
    }
    return chosen;
  }

  private Map<String, Losses> costs() {
    Progress progress =
        execution.progress().stage("Measuring what each range costs", sharing.size());
    Map<String, Losses> costs = new LinkedHashMap<>();
    for (String tensor : sharing.keySet()) {
      costs.put(tensor, losses(tensor, DEFAULT));
      progress.step();
    }
    return costs;
  }

  /// The tensors that cost most: no more can be gained by a range than what its tensor costs.
  private static List<String> worst(Map<String, Losses> costs) {
    Map<String, Double> means = new LinkedHashMap<>();
    costs.forEach((tensor, losses) -> means.put(tensor, losses.mean()));
    double all = means.values().stream().mapToDouble(Double::doubleValue).sum();
    double left = all;
    List<String> worst = new ArrayList<>();
    for (Map.Entry<String, Double> next :
        means.entrySet().stream()
            .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
            .toList()) {
      if (left <= REST * all) {
        break;
      }
      worst.add(next.getKey());
      left -= next.getValue();
    }
    return worst;
  }

  private Observer best(String tensor, Losses cost) {
    Set<Affine> tried = new HashSet<>(Set.of(grid(tensor, DEFAULT)));
    Observer best = DEFAULT;
    double least = cost.mean();
    for (Observer observer : OTHERS) {
      if (tried.add(grid(tensor, observer))) {
        Losses losses = losses(tensor, observer);
        if (losses.mean() < least && losses.isBetterThan(cost)) {
          best = observer;
          least = losses.mean();
        }
      }
    }
    return best;
  }

  private Affine grid(String tensor, Observer observer) {
    return requireNonNull(plan(observer).activations().get(tensor));
  }

  private Plan plan(Observer observer) {
    return requireNonNull(plans.get(observer));
  }

  private Losses losses(String tensor, Observer observer) {
    Plan alone = plan(observer).withActivations(requireNonNull(sharing.get(tensor)));
    return Losses.of(outputs.wanted(), outputs.of(InsertQdq.apply(prepared, alone, Map.of())));
  }
}
