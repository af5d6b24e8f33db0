package dev.halftone.search;

import dev.halftone.data.Dataset;
import dev.halftone.engine.Progress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/// The operations that had best not be in 8 bits: those that do much damage there for what it saves.
///
/// @param choices their labels, from few with the worst to all of them
/// @param noise of each when it alone is in 8 bits, over the power of the output
record FallbackCandidates(List<List<String>> choices, Map<String, Double> noise) {

  /// Noise of a single one, over the power of the output, that cannot be the cause of a collapse.
  private static final double HARMLESS = 3e-5;

  /// Noise of all together, over the power of the output, that a search starts from.
  private static final double TOLERABLE = 2e-3;

  /// Noise over the power of the output, beyond which more is not worse.
  private static final double WORST = 100;

  /// Each budget of noise is this share of the one before.
  private static final double STEP = 0.8;

  /// The least budget, 40 dB: rounded weights make as much.
  private static final double NEGLIGIBLE = 1e-4;

  FallbackCandidates {
    choices = List.copyOf(choices);
    noise = Collections.unmodifiableMap(new LinkedHashMap<>(noise));
  }

  /// @param few samples to measure on
  static FallbackCandidates measure(Fallback way, Deadline deadline, Dataset few) {
    List<String> labels = way.labels();
    Progress progress =
        way.base()
            .quantizer()
            .stages()
            .stage("Looking for what does the damage", 2 * labels.size());
    Map<String, Double> noise =
        GroupTest.measure(
            labels,
            group -> {
              deadline.check();
              progress.step();
              return bounded(way.noise(group, few));
            },
            HARMLESS);
    return new FallbackCandidates(choices(noise, way.savings(few)), noise);
  }

  /// Of an output without any signal the share of noise is infinite, or no number where there is no noise either.
  private static double bounded(double noise) {
    return Double.isNaN(noise) ? 0 : Math.min(noise, WORST);
  }

  /// For each budget of noise, less and less: those that alone make more, and then those that make the most noise for what 8 bits save,
  /// until the rest keeps within it.
  ///
  /// @param savings what 8 bits save in each, in any unit; nothing in those that are missing
  static List<List<String>> choices(Map<String, Double> noise, Map<String, Double> savings) {
    double total = 1 + sum(savings, savings.keySet());
    double even = 1.0 / Math.max(1, noise.size());
    List<String> byWorth =
        noise.keySet().stream()
            .sorted(
                Comparator.comparingDouble((String label) ->
                        noise.getOrDefault(label, 0.0)
                            / (even + savings.getOrDefault(label, 0.0) / total))
                    .reversed())
            .toList();
    Set<List<String>> choices = new LinkedHashSet<>();
    double budget = sum(noise, byWorth);
    while (budget > NEGLIGIBLE) {
      choices.add(within(budget, byWorth, noise));
      budget *= STEP;
    }
    choices.add(byWorth);
    return List.copyOf(choices);
  }

  private static List<String> within(
      double budget, List<String> byWorth, Map<String, Double> noise) {
    List<String> worst = new ArrayList<>();
    List<String> rest = new ArrayList<>();
    for (String label : byWorth) {
      (noise.getOrDefault(label, 0.0) > budget ? worst : rest).add(label);
    }
    while (sum(noise, rest) > budget) {
      worst.add(rest.removeFirst());
    }
    return worst;
  }

  private static double sum(Map<String, Double> values, Collection<String> labels) {
    return labels.stream().mapToDouble(label -> values.getOrDefault(label, 0.0)).sum();
  }

  /// The first of the choices that leaves little noise by what was measured of each alone.
  int firstGuess() {
    return IntStream.range(0, choices.size())
        .filter(i -> sum(noise, noise.keySet()) - sum(noise, choices.get(i)) <= TOLERABLE)
        .findFirst()
        .orElse(choices.size() - 1);
  }
}
