package dev.halftone.search;

import dev.halftone.Quantizer;
import dev.halftone.data.Dataset;
import dev.halftone.graph.Model;
import dev.halftone.recipe.Observer;
import dev.halftone.recipe.Recipe;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Predicate;

/// Search among recipes, which keeps the one that measured best. The simple recipe is always tried. Where it is not good, the recipe with
/// integers for weights alone is always tried too, however short the time. So the result is never worse than these.
///
/// The search goes on as far as it must:
///
/// 1. It tries the simple recipe, then other 8-bit recipes for the whole network.
/// 2. Where the simple recipe does not give the float model's answers, weights alone become integers, and all operations compute with floats.
/// 3. Where even that is not good, the layers whose rounded weights do the damage keep float weights.
/// 4. Where no recipe with 8-bit activations is good, tests of groups find the operations that do the damage. As few of them as possible
///    compute with floats. On devices without floats they get activations of 16 bits instead, and the integer engine gives the answers.
///
/// Candidates are calibrated on one half of the samples and judged on the other.
public final class AutoQuantizer {

  /// Samples that damage is measured on.
  private static final int TO_TEST = 8;

  /// The share of the simple recipe's noise that others must stay below: half a decibel, by which a few samples may err.
  static final double HEAD_START = 0.89;

  /// Noise over the power of the output. Above it, answers count as noise.
  private static final double COLLAPSE = 0.1;

  /// The noise that activations and weights may make together, in multiples of the noise of the weights alone.
  private static final double TOLERABLE = 1.5;

  /// A multiple of the noise of the weights alone. Above it, sequences are the same by chance only, since a few dozen are judged.
  private static final double CHANCE = 3;

  /// The share of another's speed that counts as just as fast. A verdict calls 1.2 times as fast a gain, and timings err by some percent.
  private static final double AS_FAST = 1 / 1.2;

  /// The share of the float model's speed that a candidate must reach, where any candidate does.
  private static final double NOT_SLOWER = 0.95;

  /// The share of the size that counts as just as small. In a small file some bytes are no integers.
  private static final double AS_SMALL = 0.8;

  private final Candidates trials;

  /// Candidates that have nothing in more than 8 bits but what is float in any case.
  private final List<Candidate> narrow = new ArrayList<>();

  /// The candidate whose weights alone are integers; not tried where the simple recipe is good and saves time.
  private Optional<Candidate> fallback = Optional.empty();

  /// Noise where every operation that can takes the way out; infinite until that is tried.
  private double least = Double.POSITIVE_INFINITY;

  private AutoQuantizer(Candidates trials) {
    this.trials = trials;
  }

  /// Throws UnusableInputException where there are too few samples to judge by.
  ///
  /// @param quantizer its recipe is the simple one, from which the others differ
  /// @param data calibration samples; half of them judge
  /// @param wanted after its time the search ends with what it has, but for the recipes that are always tried
  public static SearchResult search(
      Quantizer quantizer, Model model, Dataset data, SearchTerms wanted) {
    try (Candidates trials = new Candidates(quantizer, model, data, wanted)) {
      return new AutoQuantizer(trials).search();
    }
  }

  private SearchResult search() {
    Recipe simple = trials.simple();
    Candidate first = trials.tryAnyway("as it is", simple);
    narrow.add(first);
    if (!first.isGood()) {
      fallBack(simple, trials::tryAnyway);
    }
    boolean complete = true;
    try {
      if (first.isGood() && isSlow(first)) {
        fallBack(simple, trials::tryOut);
      }
      improve(simple);
    } catch (Deadline.TimeUp _) {
      complete = false;
    }
    return trials.found(best(), complete);
  }

  /// @param tried takes words and a recipe
  private void fallBack(Recipe simple, BiFunction<String, Recipe, Candidate> tried) {
    Candidate trial =
        trials.quantizer(simple).device().hasFloats()
            ? tried.apply(FloatFallback.ALL, FloatFallback.everywhere(simple))
            : tryAll(fallbackOf(trials.unhurried(simple)), tried);
    fallback = Optional.of(trial);
    least = trial.noise();
  }

  private static Candidate tryAll(Fallback way, BiFunction<String, Recipe, Candidate> tried) {
    return tried.apply(all(way), way.everywhere());
  }

  /// @param quantizer its recipe is not good enough
  private Fallback fallbackOf(Quantizer quantizer) {
    Baseline base = Baseline.of(trials, quantizer);
    return quantizer.device().hasFloats()
        ? new FloatFallback(base)
        : Int16Fallback.of(base, trials.calibrating());
  }

  private void improve(Recipe simple) {
    Recipe base =
        fallback.filter(trial -> !trial.isGood()).map(_ -> withGoodWeights(simple)).orElse(simple);
    if (trials.isEqualized(trials.quantizer(base))) {
      tryNarrow("channels as they are", base.withoutEqualization());
    }
    tryNarrow("min-max ranges", base.withObserver(new Observer.MinMax()));
    if (!hasCollapsed()) {
      tryNarrow("weights solved for", Candidates.solving(base));
    }
    if (narrow.stream().noneMatch(this::isEnough)) {
      exempt(fallbackOf(trials.quantizer(Candidates.solving(quietest(narrow).recipe()))));
    }
  }

  /// True where integers do not save time. Then integers for weights alone are as good: about as fast as the float model, with less noise.
  private static boolean isSlow(Candidate trial) {
    return trial.cost().speed().isPresent() && AS_FAST * trial.gain() < 1;
  }

  private void tryNarrow(String what, Recipe recipe) {
    narrow.add(trials.tryOut(what, recipe));
  }

  /// The recipe that leaves the weights of some layers float, where rounded weights ruin the network by themselves, to nearest and solved
  /// for. These are as few layers as give the float model's answers. The same recipe where that does not help.
  private Recipe withGoodWeights(Recipe simple) {
    if (!trials.quantizer(simple).device().hasFloats()) {
      return simple;
    }
    Recipe weights = FloatFallback.everywhere(simple);
    if (trials.tryOut(FloatFallback.ALL + ", solved for", Candidates.solving(weights)).isGood()) {
      return simple;
    }
    FloatWeightFallback way =
        FloatWeightFallback.of(
            trials, weights, least > COLLAPSE ? 1 : FloatWeightFallback.WORTHWHILE);
    List<String> worst = fewest(way, Candidate::isGood);
    if (worst.isEmpty()) {
      return simple;
    }
    Recipe kept = simple.keepingFloat(worst);
    tryNarrow(worst.size() + " unquantized, rest as it is", kept);
    return kept;
  }

  /// True where the answers are noise. Then the ranges of activations are at fault, and better rounding of 8-bit weights does not help.
  private boolean hasCollapsed() {
    return narrow.stream().allMatch(trial -> trial.noise() > COLLAPSE);
  }

  /// Chooses among the good candidates by speed, then size, then noise. Of those about as fast as the fastest, and of these about as small
  /// as the smallest, it takes the one with the least noise. Where speed says nothing, those that keep the most in 8 bits count as the
  /// fastest. Where no candidate is good, it takes the one with the least noise.
  private Candidate best() {
    List<Candidate> good = trials.all().stream().filter(this::isEnough).toList();
    if (good.isEmpty()) {
      return quietest(trials.all());
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

  /// Whole sequences change with little noise: there it counts for more than speed, which need only be that of the float model.
  private static boolean isAsFast(Candidate trial, double fastest) {
    double wanted = trial.judgesSequences() ? Math.min(1, fastest) : fastest;
    return trial.gain() >= Math.max(AS_FAST * wanted, NOT_SLOWER * Math.min(1, wanted));
  }

  /// The simple recipe has a head start, but not before the one whose weights alone are integers.
  private Candidate quietest(List<Candidate> some) {
    Candidate simple = narrow.getFirst();
    Candidate first =
        some.stream()
            .min(
                Comparator.comparingDouble(
                    trial -> trial == simple ? HEAD_START * trial.noise() : trial.noise()))
            .orElseThrow();
    return fallback
        .filter(trial -> some.contains(trial) && !(trial.noise() > first.noise()))
        .orElse(first);
  }

  private boolean isEnough(Candidate trial) {
    return trial.isGood() && (!trial.judgesSequences() || trial.noise() <= CHANCE * least);
  }

  /// Lets the worst operations take the way out. These are as few as give the float model's answers, or hardly more noise than the rounded
  /// weights alone.
  private void exempt(Fallback way) {
    least = trials.tryOut(all(way) + ", solved for", way.everywhere()).noise();
    fewest(way, trial -> isEnough(trial) || trial.noise() <= TOLERABLE * least);
  }

  /// The fewest operations that are enough when they take the way out, found by bisection; empty where no choice is.
  private List<String> fewest(Fallback way, Predicate<Candidate> isEnough) {
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

  private static String all(Fallback way) {
    return way.words(way.labels().size());
  }
}
