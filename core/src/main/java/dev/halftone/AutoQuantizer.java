package dev.halftone;

import dev.halftone.data.Dataset;
import dev.halftone.graph.Model;
import dev.halftone.recipe.Observer;
import dev.halftone.recipe.Recipe;
import dev.halftone.verify.Gate;
import dev.halftone.verify.Verifier;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Tries recipes and keeps the one that measured best: never worse than the simple one, which is among them.
///
/// First 8-bit recipes for the whole network. Where none of them gives the float model's answers, the operations that do the damage are
/// found by tests of groups, and as few of them as possible compute with floats; their weights are stored as integers all the same. For
/// devices without floats they get activations of 16 bits instead, and the integer engine gives the answers. What is tried is judged on half
/// of the samples, which the candidates are not calibrated on.
public final class AutoQuantizer {

  /// Samples that damage is measured on.
  private static final int TO_TEST = 8;

  /// Half a decibel, by which a few samples may err: others must be better than the simple recipe by more.
  static final double HEAD_START = 0.89;

  /// Noise, over the power of the output, of answers that are noise.
  private static final double COLLAPSE = 0.1;

  /// How many times the noise of the weights alone activations and weights may make together.
  private static final double TOLERABLE = 1.5;

  /// How many times that noise cannot give the same sequences but by chance: of a few dozen that are judged, one or two fewer change or
  /// more.
  private static final double CHANCE = 3;

  /// Of the speed of another; timings of a moment err by some percent.
  private static final double AS_FAST = 0.9;

  private final Trials trials;

  /// Noise where all that can takes the way out; not known before that is tried.
  private double least = Double.POSITIVE_INFINITY;

  private AutoQuantizer(Trials trials) {
    this.trials = trials;
  }

  /// Throws UnusableInputException where there are too few samples to judge by.
  ///
  /// @param quantizer its recipe is the simple one, from which the others differ
  /// @param data calibration samples; half of them judge
  /// @param answers what the model's answers are
  /// @param maxDrop what is good enough; empty where answers must be those of the float model, but for a few
  /// @param atMost after this time the search ends with what it has; the simple recipe is tried in any case
  public static Found search(
      Quantizer quantizer,
      Model model,
      Dataset data,
      Verifier.Options answers,
      Optional<Gate.MaxDrop> maxDrop,
      Duration atMost) {
    try (Trials trials = new Trials(quantizer, model, data, answers, maxDrop, atMost)) {
      return new AutoQuantizer(trials).search();
    }
  }

  private Found search() {
    Recipe simple = trials.simple();
    trials.tryAnyway("as it is", simple);
    boolean complete = true;
    try {
      if (!trials.calibrated(simple).statistics().equalization().isEmpty()) {
        trials.tryOut("channels as they are", simple.withEqualization(false));
      }
      trials.tryOut("min-max ranges", simple.withObserver(new Observer.MinMax()));
      if (!hasCollapsed()) {
        trials.tryOut("weights solved for", Trials.solving(simple));
      }
      if (trials.all().stream().noneMatch(Trial::isGood)) {
        exempt(WayOut.of(trials, Trials.solving(best().recipe())));
      }
    } catch (Deadline.TimeUp _) {
      complete = false;
    }
    return trials.found(best(), complete);
  }

  /// Where the answers are noise, the ranges of activations are at fault, and better rounding of 8-bit weights does not help.
  private boolean hasCollapsed() {
    return trials.all().stream().allMatch(trial -> trial.noise() > COLLAPSE);
  }

  /// Of the good ones the one with the least noise, among those that are about as fast as the fastest or, where speed says nothing, keep
  /// the most in 8 bits; of bad ones the one with the least noise.
  private Trial best() {
    List<Trial> good = trials.all().stream().filter(this::isEnough).toList();
    if (good.isEmpty()) {
      return quietest(trials.all());
    }
    double fastest = good.stream().mapToDouble(Trial::gain).max().orElseThrow();
    int fewest = good.stream().mapToInt(Trial::exempt).min().orElseThrow();
    return quietest(
        good.stream()
            .filter(trial ->
                trial.speed().isPresent() ? isAsFast(trial, fastest) : trial.exempt() == fewest)
            .toList());
  }

  /// Whole sequences change with little noise: there it counts for more than speed, which need only be that of the float model.
  private static boolean isAsFast(Trial trial, double fastest) {
    double wanted = trial.judgesSequences() ? Math.min(1, fastest) : fastest;
    return trial.gain() >= AS_FAST * wanted;
  }

  private Trial quietest(List<Trial> some) {
    Trial simple = trials.all().getFirst();
    return some.stream()
        .min(
            Comparator.comparingDouble(
                trial -> trial == simple ? HEAD_START * trial.noise() : trial.noise()))
        .orElseThrow();
  }

  private boolean isEnough(Trial trial) {
    return trial.isGood() && (!trial.judgesSequences() || trial.noise() <= CHANCE * least);
  }

  /// Lets the worst operations take the way out, as few of them as give the float model's answers, or hardly more noise than the rounded
  /// weights alone make: which, is found by bisection.
  private void exempt(WayOut way) {
    least = trials.tryOut(way.words("all"), way.everywhere()).noise();
    Dataset few = trials.judging().spread(TO_TEST);
    Culprits culprits = Culprits.measure(way, trials.deadline(), few);
    int bad = -1;
    int good = culprits.choices().size() - 1;
    int next = culprits.firstGuess();
    while (good - bad > 1) {
      int middle = Math.clamp(next, bad + 1, good - 1);
      List<String> worst = culprits.choices().get(middle);
      Recipe candidate = way.taking(worst);
      if (way.quantizer().withRecipe(candidate).place(way.seen().prepared()).hasIntegerLayers()) {
        Trial trial = trials.tryOut(way.words(String.valueOf(worst.size())), candidate);
        if (isEnough(trial) || trial.noise() <= TOLERABLE * least) {
          good = middle;
        } else {
          bad = middle;
        }
      } else {
        good = middle;
      }
      next = (bad + good) / 2;
    }
  }
}
