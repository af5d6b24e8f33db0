package dev.halftone.search;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/// The candidates of which none is better in one thing and as good in all others: noise, speed, size, and whether the batch matters (Pareto).
///
/// @param all that were tried
public record Frontier(List<Candidate> all) {

  /// Differences that say something. Timings err by some percent; a file of other scales differs by some bytes.
  private static final double QUIETER = 0.9;

  private static final double FASTER = 1.05;
  private static final double SMALLER = 0.97;

  public Frontier {
    all = List.copyOf(all);
  }

  /// The most exact candidate that is better in something and as good in everything; empty where none is.
  public Optional<Candidate> ahead(Candidate trial) {
    return all.stream()
        .filter(other -> other != trial && isAsGood(other, trial) && isBetter(other, trial))
        .min(Comparator.comparingDouble(Candidate::noise));
  }

  private static boolean isAsGood(Candidate one, Candidate other) {
    return one.noise() <= other.noise()
        && one.gain() * FASTER >= other.gain()
        && one.cost().bytes() * SMALLER <= other.cost().bytes()
        && (!one.dependsOnBatch() || other.dependsOnBatch());
  }

  private static boolean isBetter(Candidate one, Candidate other) {
    return isQuieter(one, other)
        || isFaster(one, other)
        || isSmaller(one, other)
        || !one.dependsOnBatch() && other.dependsOnBatch();
  }

  /// The fastest of those that are more exact by more than chance.
  public Optional<Candidate> moreExact(Candidate trial) {
    return most(other -> isQuieter(other, trial), Candidate::gain);
  }

  /// The most exact of those that are faster by more than chance.
  public Optional<Candidate> faster(Candidate trial) {
    return most(other -> isFaster(other, trial), other -> -other.noise());
  }

  /// The most exact of those whose file is smaller by more than some bytes.
  public Optional<Candidate> smaller(Candidate trial) {
    return most(other -> isSmaller(other, trial), other -> -other.noise());
  }

  private Optional<Candidate> most(Predicate<Candidate> which, ToDoubleFunction<Candidate> value) {
    return all.stream().filter(which).max(Comparator.comparingDouble(value));
  }

  private static boolean isQuieter(Candidate one, Candidate other) {
    return one.noise() < QUIETER * other.noise();
  }

  private static boolean isFaster(Candidate one, Candidate other) {
    return one.gain() > FASTER * other.gain();
  }

  /// True where the file of one is smaller than that of the other by more than some bytes.
  public static boolean isSmaller(Candidate one, Candidate other) {
    return one.cost().bytes() < SMALLER * other.cost().bytes();
  }
}
