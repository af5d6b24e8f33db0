package dev.halftone.search;

import dev.halftone.Quantizer;
import dev.halftone.data.Dataset;
import dev.halftone.graph.Model;
import dev.halftone.recipe.Observer;
import dev.halftone.recipe.Recipe;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

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
/// Where the simple recipe is for transformers, the candidates are those of [TransformerSearch].
///
/// Candidates are calibrated on one half of the samples and judged on the other.
public final class AutoQuantizer {

  /// Noise over the power of the output. Above it, answers count as noise.
  private static final double COLLAPSE = 0.1;

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
      return comparesUnlike(quantizer.recipe())
          ? new TransformerSearch(trials).search()
          : new AutoQuantizer(trials).search();
    }
  }

  /// True where recipes of unlike forms are compared, so that others than the one taken may suit as well.
  public static boolean comparesUnlike(Recipe simple) {
    return simple.smooths();
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
    return trials.found(ranking().best(trials.all()), complete);
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
    return tried.apply(way.allInWords(), way.everywhere());
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
    if (narrow.stream().noneMatch(ranking()::isEnough)) {
      exempt(fallbackOf(trials.quantizer(Candidates.solving(ranking().quietest(narrow).recipe()))));
    }
  }

  /// True where integers do not save time. Then integers for weights alone are as good: about as fast as the float model, with less noise.
  private static boolean isSlow(Candidate trial) {
    return trial.cost().speed().isPresent() && !Ranking.isGain(trial);
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
    List<String> worst = new Exemption(trials).fewest(way, Candidate::isGood);
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

  private Ranking ranking() {
    return new Ranking(Optional.of(narrow.getFirst()), fallback, least);
  }

  private void exempt(Fallback way) {
    Exemption exemption = new Exemption(trials);
    least = exemption.least(way);
    exemption.apply(way, least, ranking()::isEnough);
  }
}
