package dev.halftone.search;

import dev.halftone.data.Dataset;
import dev.halftone.recipe.Recipe;
import java.util.List;
import java.util.function.Predicate;

/// Finds the fewest operations that must take a way out of 8 bits.
record Exemption(Candidates trials) {

  /// Samples that damage is measured on.
  private static final int TO_TEST = 8;

  /// The noise that activations and weights may make together, in multiples of the noise of the weights alone.
  private static final double TOLERABLE = 1.5;

  /// The noise where all take the way out.
  double least(Fallback way) {
    return trials.tryOut(way.allInWords() + ", solved for", way.everywhere()).noise();
  }

  /// Lets the worst operations take the way out. These are as few as give the float model's answers, or hardly more noise than where all
  /// take it.
  ///
  /// @param least that of [#least]
  void apply(Fallback way, double least, Predicate<Candidate> isEnough) {
    fewest(way, trial -> isEnough.test(trial) || trial.noise() <= TOLERABLE * least);
  }

  /// The fewest operations that are enough when they take the way out, found by bisection; empty where no choice is.
  List<String> fewest(Fallback way, Predicate<Candidate> isEnough) {
    Dataset few = trials.judging().spread(TO_TEST);
    FallbackCandidates culprits = FallbackCandidates.measure(way, trials.deadline(), few);
    List<List<String>> choices = culprits.choices().stream().filter(way::allows).toList();
    int bad = -1;
    int good = choices.size();
    int next = culprits.firstGuess();
    while (good - bad > 1) {
      int middle = Math.clamp(next, bad + 1, good - 1);
      List<String> worst = choices.get(middle);
      if (isEnough(way, worst, isEnough)) {
        good = middle;
      } else {
        bad = middle;
      }
      next = (bad + good) / 2;
    }
    return good < choices.size() ? choices.get(good) : List.of();
  }

  /// Where all take it, or nothing that could is left, it is as good as it gets.
  private boolean isEnough(Fallback way, List<String> worst, Predicate<Candidate> isEnough) {
    Recipe candidate = way.taking(worst);
    return worst.size() == way.labels().size()
        || !way.leavesSome(candidate)
        || isEnough.test(trials.tryOut(way.words(worst.size()), candidate));
  }
}
