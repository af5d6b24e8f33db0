package dev.halftone.search;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// The order of candidates: which one is taken.
///
/// @param simple the candidate that others must beat by more than chance; empty where none is
/// @param weightsAlone the candidate whose weights alone are integers; empty where it was not tried
/// @param least noise where every operation that can takes the way out; infinite where that was not tried
record Ranking(Optional<Candidate> simple, Optional<Candidate> weightsAlone, double least) {

  /// The share of the simple recipe's noise that others must stay below: half a decibel, by which a few samples may err.
  static final double HEAD_START = 0.89;

  /// A multiple of the noise of the weights alone. Above it, sequences are the same by chance only, since a few dozen are judged.
  private static final double CHANCE = 3;

  /// The share of another's speed that counts as just as fast. A verdict calls 1.2 times as fast a gain, and timings err by some percent.
  private static final double AS_FAST = 1 / 1.2;

  /// The share of the float model's speed that a candidate must reach, where any candidate does.
  private static final double NOT_SLOWER = 0.95;

  /// The share of the size that counts as just as small. In a small file some bytes are no integers.
  private static final double AS_SMALL = 0.8;

  boolean isEnough(Candidate trial) {
    return trial.isGood() && (!trial.judgesSequences() || trial.noise() <= CHANCE * least);
  }

  /// True where it is so much faster than the float model that a verdict calls it a gain.
  static boolean isGain(Candidate trial) {
    return AS_FAST * trial.gain() >= 1;
  }

  /// Chooses among the good candidates by speed, then size, then noise. Of those about as fast as the fastest, and of these about as small
  /// as the smallest, it takes the one with the least noise. Where speed says nothing, those that keep the most in 8 bits count as the
  /// fastest. Where no candidate is good, it takes the one with the least noise.
  Candidate best(List<Candidate> all) {
    List<Candidate> good = steady(all.stream().filter(this::isEnough).toList());
    if (good.isEmpty()) {
      return quietest(all);
    }
    double fastest = good.stream().mapToDouble(Candidate::gain).max().orElseThrow();
    int fewest = good.stream().mapToInt(trial -> trial.cost().exempt()).min().orElseThrow();
    List<Candidate> fast =
        good.stream()
            .filter(trial ->
                trial.cost().speed().isPresent()
                    ? isAsFast(trial, fastest)
                    : trial.cost().exempt() == fewest)
            .toList();
    long smallest = fast.stream().mapToLong(trial -> trial.cost().bytes()).min().orElseThrow();
    return quietest(
        fast.stream().filter(trial -> AS_SMALL * trial.cost().bytes() <= smallest).toList());
  }

  /// Those whose results do not depend on the batch, where any of them is faster than the float model or none of the others is; else all.
  private static List<Candidate> steady(List<Candidate> good) {
    List<Candidate> steady = good.stream().filter(trial -> !trial.dependsOnBatch()).toList();
    boolean isEnough =
        steady.stream().anyMatch(Ranking::isGain) || good.stream().noneMatch(Ranking::isGain);
    return isEnough && !steady.isEmpty() ? steady : good;
  }

  /// Whole sequences change with little noise: there it counts for more than speed, which need only be that of the float model.
  private static boolean isAsFast(Candidate trial, double fastest) {
    double wanted = trial.judgesSequences() ? Math.min(1, fastest) : fastest;
    return trial.gain() >= Math.max(AS_FAST * wanted, NOT_SLOWER * Math.min(1, wanted));
  }

  /// The simple recipe has a head start, but not before the one whose weights alone are integers.
  Candidate quietest(List<Candidate> some) {
    Candidate first =
        some.stream()
            .min(
                Comparator.comparingDouble(trial ->
                    simple.filter(one -> one == trial).isPresent()
                        ? HEAD_START * trial.noise()
                        : trial.noise()))
            .orElseThrow();
    return weightsAlone
        .filter(trial -> some.contains(trial) && !(trial.noise() > first.noise()))
        .orElse(first);
  }
}
