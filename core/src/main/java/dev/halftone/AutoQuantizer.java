package dev.halftone;

import dev.halftone.data.Dataset;
import dev.halftone.engine.Progress;
import dev.halftone.graph.Model;
import dev.halftone.recipe.Observer;
import dev.halftone.recipe.Recipe;
import dev.halftone.recipe.Rounding;
import dev.halftone.verify.Gate;
import dev.halftone.verify.Verifier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// Tries recipes and keeps the one that measured best: never worse than the simple one, which is among them.
///
/// First 8-bit recipes for the whole network. Where none of them gives the float model's answers, the operations that do the damage are
/// found by tests of groups, and as few of them as possible compute with floats; their weights are stored as integers all the same. What is
/// tried is judged on half of the samples, which the candidates are not calibrated on.
public final class AutoQuantizer {

  /// What was tried, in that order, and what is chosen.
  ///
  /// @param judgedOn how many samples
  /// @param complete false where time ran out before everything was tried
  public record Result(Trial chosen, List<Trial> trials, int judgedOn, boolean complete) {
    public Result {
      trials = List.copyOf(trials);
    }

    /// What was chosen; weights that are solved for shall have all the samples that can be had, not just as many as there was time for.
    public Recipe recipe() {
      Recipe recipe = chosen.recipe();
      return recipe.rounding() == Rounding.LEAST_SQUARES
          ? recipe.withSamples(Recipe.MAX_SAMPLES)
          : recipe;
    }
  }

  private static final int FEWEST_SAMPLES = 8;

  /// Samples that damage is measured on.
  private static final int TO_TEST = 8;

  /// Half a decibel, by which a few samples may err: others must be better than the simple recipe by more.
  static final double HEAD_START = 0.89;

  /// Noise, over the power of the output, of answers that are noise.
  private static final double COLLAPSE = 0.1;

  /// How many times the noise of the weights alone activations and weights may make together.
  private static final double TOLERABLE = 1.5;

  /// Samples that candidates are solved with where many are tried.
  private static final int TO_SOLVE = 48;

  private final Quantizer quantizer;
  private final Examiner examiner;
  private final Deadline deadline;
  private final Dataset calibrating;
  private final Dataset judging;
  private final Model prepared;
  private final Map<Boolean, Calibrated> calibrated = new HashMap<>();
  private final List<Trial> trials = new ArrayList<>();

  private AutoQuantizer(
      Quantizer quantizer, Model model, Dataset data, Examiner examiner, Duration atMost) {
    this.quantizer = quantizer;
    this.prepared = quantizer.prepare(model);
    this.examiner = examiner;
    this.deadline = new Deadline(atMost);
    this.calibrating = data.everyNth(2);
    this.judging = data.exceptEveryNth(2);
  }

  /// Throws UnusableInputException where there are too few samples to judge by.
  ///
  /// @param quantizer its recipe is the simple one, from which the others differ
  /// @param data calibration samples; half of them judge
  /// @param answers what the model's answers are
  /// @param maxDrop what is good enough where samples have labels; the float model's own answers are what counts where they have none
  /// @param atMost after this time the search ends with what it has; the simple recipe is tried in any case
  public static Result search(
      Quantizer quantizer,
      Model model,
      Dataset data,
      Verifier.Options answers,
      Optional<Gate.MaxDrop> maxDrop,
      Duration atMost) {
    if (data.size() < FEWEST_SAMPLES) {
      throw new UnusableInputException(
          "the recipe auto judges what it tries on half of the samples, and %d are too few for that: give at least %d, better a hundred"
              .formatted(data.size(), FEWEST_SAMPLES));
    }
    Verifier.Options threaded = answers.withThreads(quantizer.threads());
    try (Examiner examiner = new Examiner(quantizer.runtime(), model, threaded, maxDrop)) {
      return new AutoQuantizer(quantizer, model, data, examiner, atMost).search();
    }
  }

  private Result search() {
    Recipe simple = quantizer.recipe();
    tryOut("as it is", simple, stages -> stages);
    boolean complete = true;
    try {
      if (!calibrated(simple).statistics().equalization().isEmpty()) {
        tryOut("channels as they are", simple.withEqualization(false));
      }
      tryOut("min-max ranges", simple.withObserver(new Observer.MinMax()));
      if (!hasCollapsed()) {
        tryOut("weights solved for", solving(simple));
      }
      if (trials.stream().noneMatch(Trial::isGood)) {
        Recipe best = best().recipe();
        Recipe allFloat = best.withActivationBits(Recipe.FLOAT_BITS);
        Trial most = tryOut("all layers float", allFloat);
        Trial fewest = leaveFloat(best, most);
        if (!tryOut(fewest.what() + ", solved", solving(fewest.recipe())).isGood()
            && fewest != most) {
          tryOut(most.what() + ", solved", solving(allFloat));
        }
      }
    } catch (Deadline.TimeUp _) {
      complete = false;
    }
    return new Result(best(), trials, judging.size(), complete);
  }

  /// Weights with the least error, so that activations may have more.
  private static Recipe solving(Recipe recipe) {
    return recipe.withRounding(Rounding.LEAST_SQUARES).withSamples(TO_SOLVE);
  }

  /// Where the answers are noise, the ranges of activations are at fault, and better rounding of 8-bit weights does not help.
  private boolean hasCollapsed() {
    return trials.stream().allMatch(trial -> trial.noise() > COLLAPSE);
  }

  /// The good ones first, among them those that are faster than float, with the fewest layers in float and then the least noise; of bad
  /// ones the least noise.
  private Trial best() {
    return trials.stream()
        .min(
            Comparator.comparing((Trial trial) -> !trial.isGood())
                .thenComparing(trial -> trial.isGood() && trial.isSlow())
                .thenComparing(trial -> trial.isGood() ? trial.floatLayers() : 0)
                .thenComparingDouble(trial ->
                    trial == trials.getFirst() ? HEAD_START * trial.noise() : trial.noise()))
        .orElseThrow();
  }

  private Trial tryOut(String what, Recipe recipe) {
    deadline.check();
    return tryOut(what, recipe, deadline::watch);
  }

  /// What every recipe needs that equalizes channels as this one does, or does not.
  private Calibrated calibrated(Recipe recipe) {
    return calibrated.computeIfAbsent(
        recipe.equalizes(),
        equalizes -> {
          Quantizer calibrator =
              quantizer.withRecipe(quantizer.recipe().withEqualization(equalizes));
          return Calibrated.observe(
              calibrator,
              prepared,
              model -> calibrator.place(model).shares().keySet(),
              calibrating);
        });
  }

  private Trial tryOut(String what, Recipe recipe, UnaryOperator<Progress.Stages> watch) {
    Progress.Stages told = quantizer.stages();
    Progress.Stages stages =
        watch.apply((title, steps) -> told.stage("Trying " + what + ": " + title, steps));
    Calibrated seen = calibrated(recipe);
    Quantized quantized =
        new Quantizer(quantizer.runtime(), recipe, quantizer.threads(), stages)
            .quantize(seen.prepared(), seen.statistics(), calibrating);
    Trial trial = examiner.examine(what, recipe, quantized, judging, stages);
    trials.add(trial);
    return trial;
  }

  /// Lets the worst layers compute with floats, as few of them as give the float model's answers, or hardly more noise than the rounded
  /// weights alone make, which solving for them will lower: their number is found by bisection.
  ///
  /// @param most the trial with all of them
  /// @return the trial with so few
  private Trial leaveFloat(Recipe recipe, Trial most) {
    Calibrated seen = calibrated(recipe);
    Dataset few = judging.spread(TO_TEST);
    FloatLayers layers = FloatLayers.measure(quantizer, examiner, deadline, seen, recipe, few);
    Trial fewest = most;
    int bad = 0;
    int good = layers.worstFirst().size();
    int next = layers.firstGuess();
    while (good - bad > 1) {
      int middle = Math.clamp(next, bad + 1, good - 1);
      Recipe candidate = layers.leaving(middle, recipe);
      if (quantizer.withRecipe(candidate).place(seen.prepared()).hasIntegerLayers()) {
        Trial trial = tryOut(middle + " layers float", candidate);
        if (trial.isGood() || trial.noise() <= TOLERABLE * most.noise()) {
          fewest = trial;
          good = middle;
        } else {
          bad = middle;
        }
      } else {
        good = middle;
      }
      next = (bad + good) / 2;
    }
    return fewest;
  }
}
