package dev.halftone.verify;

import dev.halftone.engine.Runner;
import dev.halftone.metric.Quantile;
import dev.halftone.tensor.Tensor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.LongSupplier;

/// The time of one run of a model, among others timed in the same minute.
///
/// Runs alternate between the models, so that a machine that slows down (heat, a neighbour's load) slows all of them: round by
/// round in an order drawn from the seed, each model once. Compare models by [#ratioToFirst], which is taken within rounds.
///
/// @param runs timed runs, warm-up not counted
/// @param medianMillis of one run
/// @param p10Millis 10th percentile, close to what an idle machine gives
/// @param p90Millis 90th percentile
/// @param ratioToFirst median over the rounds of this model's time by that of the first model; 1 for the first
public record Latency(
    String name,
    int runs,
    double medianMillis,
    double p10Millis,
    double p90Millis,
    double ratioToFirst) {

  /// A model to time, and what to feed it.
  public record Subject(String name, Runner runner, Map<String, Tensor> inputs) {
    public Subject {
      inputs = Map.copyOf(inputs);
    }
  }

  /// When to stop: after `maxRounds` rounds, or after the first round that ends past `time`, but never before `minRounds`.
  ///
  /// @param warmUp rounds before, not counted
  public record Budget(int warmUp, int minRounds, int maxRounds, Duration time) {

    /// Five rounds to warm up, then up to three seconds.
    public static final Budget SHORT = new Budget(5, 10, 1000, Duration.ofSeconds(3));

    public Budget {
      if (warmUp < 0 || minRounds < 1 || maxRounds < minRounds || time.isNegative()) {
        throw new IllegalArgumentException(
            "a budget takes warmUp >= 0, 1 <= minRounds <= maxRounds and time >= 0, not "
                + List.of(warmUp, minRounds, maxRounds, time));
      }
    }
  }

  /// Times the subjects side by side, on the calling thread; the results stand in their order.
  public static List<Latency> measure(List<Subject> subjects, Budget budget, long seed) {
    return measure(subjects, budget, seed, System::nanoTime);
  }

  static List<Latency> measure(
      List<Subject> subjects, Budget budget, long seed, LongSupplier nanoTime) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < subjects.size(); i++) {
      order.add(i);
    }
    Random random = new Random(seed);
    for (int round = 0; round < budget.warmUp(); round++) {
      subjects.forEach(subject -> time(subject, nanoTime));
    }
    List<double[]> rounds = new ArrayList<>(); // [round][subject], milliseconds
    long start = nanoTime.getAsLong();
    while (rounds.size() < budget.maxRounds()
        && (rounds.size() < budget.minRounds()
            || nanoTime.getAsLong() - start < budget.time().toNanos())) {
      Collections.shuffle(order, random);
      double[] millis = new double[subjects.size()];
      for (int i : order) {
        millis[i] = time(subjects.get(i), nanoTime);
      }
      rounds.add(millis);
    }
    List<Latency> latencies = new ArrayList<>();
    for (int i = 0; i < subjects.size(); i++) {
      latencies.add(of(subjects.get(i).name(), i, rounds));
    }
    return latencies;
  }

  private static double time(Subject subject, LongSupplier nanoTime) {
    long start = nanoTime.getAsLong();
    subject.runner().run(subject.inputs(), _ -> {});
    return (nanoTime.getAsLong() - start) / 1e6;
  }

  private static Latency of(String name, int subject, List<double[]> rounds) {
    double[] millis = rounds.stream().mapToDouble(round -> round[subject]).sorted().toArray();
    double[] ratios = rounds.stream().mapToDouble(round -> round[subject] / round[0]).toArray();
    Arrays.sort(ratios);
    return new Latency(
        name,
        millis.length,
        Quantile.of(millis, 0.5),
        Quantile.of(millis, 0.1),
        Quantile.of(millis, 0.9),
        Quantile.of(ratios, 0.5));
  }
}
