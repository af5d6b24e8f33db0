package dev.halftone.search;

import dev.halftone.Calibrated;
import dev.halftone.Quantized;
import dev.halftone.Quantizer;
import dev.halftone.UnusableInputException;
import dev.halftone.calibrate.Statistics;
import dev.halftone.data.Dataset;
import dev.halftone.engine.Progress;
import dev.halftone.graph.Model;
import dev.halftone.plan.Placement;
import dev.halftone.recipe.Recipe;
import dev.halftone.recipe.Rounding;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/// Recipes that are tried on one model until the time is over: calibrated on half of the samples and judged on the other.
final class Candidates implements AutoCloseable {

  private static final int FEWEST_SAMPLES = 8;

  /// Samples that candidates are solved with where many are tried.
  private static final int TO_SOLVE = 48;

  private static final int KEPT = 3;

  /// What statistics are of.
  private record Integers(boolean equalizes, Set<String> tensors) {

    static Integers of(Quantizer calibrator, Placement placement) {
      return new Integers(calibrator.recipe().equalizes(), placement.shares().keySet());
    }
  }

  private final Quantizer quantizer;
  private final CandidateScore examiner;
  private final Deadline deadline;
  private final Dataset calibrating;
  private final Dataset judging;
  private final Model prepared;

  /// The last few. Networks that were equalized are made again from what was observed in them, for each holds the weights of all its layers.
  private final Map<Integers, Statistics> observed = new LinkedHashMap<>(4, 0.75f, true);

  private final List<Candidate> tried = new ArrayList<>();

  /// Throws UnusableInputException where there are too few samples to judge by.
  ///
  /// @param quantizer its recipe is the simple one, from which the others differ
  /// @param data calibration samples; half of them judge
  /// @param wanted after its time what is asked for ends with [Deadline.TimeUp]
  Candidates(Quantizer quantizer, Model model, Dataset data, SearchTerms wanted) {
    if (data.size() < FEWEST_SAMPLES) {
      throw new UnusableInputException(
          "a search judges what it tries on half of the samples, and %d are too few for that: give at least %d, better a hundred"
              .formatted(data.size(), FEWEST_SAMPLES));
    }
    this.quantizer = quantizer;
    this.prepared = quantizer.prepare(model);
    this.deadline = new Deadline(wanted.atMost());
    this.calibrating = data.everyNth(2);
    this.judging = data.exceptEveryNth(2);
    this.examiner =
        new CandidateScore(
            quantizer.runtime(), model, wanted.withThreads(quantizer.threads()), judging);
  }

  Recipe simple() {
    return quantizer.recipe();
  }

  CandidateScore examiner() {
    return examiner;
  }

  Deadline deadline() {
    return deadline;
  }

  Dataset calibrating() {
    return calibrating;
  }

  Dataset judging() {
    return judging;
  }

  List<Candidate> all() {
    return List.copyOf(tried);
  }

  /// A quantizer that ends when the time is over.
  Quantizer quantizer(Recipe recipe) {
    return unhurried(recipe).withStages(deadline.watch(quantizer.stages()));
  }

  /// A quantizer that takes the time it needs.
  Quantizer unhurried(Recipe recipe) {
    return quantizer.withRecipe(recipe);
  }

  /// What every recipe needs that makes integers of the same tensors.
  ///
  /// @param calibrator its recipe is the one
  Calibrated calibrated(Quantizer calibrator) {
    Placement placement = calibrator.place(prepared);
    Integers key = Integers.of(calibrator, placement);
    Statistics known = observed.get(key);
    return known == null || !sawProducts(known, placement, calibrator.recipe())
        ? observe(calibrator, placement, key)
        : calibrator.calibrated(prepared, known);
  }

  /// Where the operations run by a recipe.
  Placement place(Recipe recipe) {
    return quantizer.withRecipe(recipe).place(prepared);
  }

  private static boolean sawProducts(Statistics known, Placement placement, Recipe recipe) {
    return known.rows().keySet().containsAll(placement.observedProducts(recipe.rules()));
  }

  /// True where channels of that network were brought to one size.
  ///
  /// @param calibrator its recipe is the one
  boolean isEqualized(Quantizer calibrator) {
    Placement placement = calibrator.place(prepared);
    Integers key = Integers.of(calibrator, placement);
    Statistics known = observed.get(key);
    Statistics statistics =
        known == null ? observe(calibrator, placement, key).statistics() : known;
    return !statistics.equalization().isEmpty();
  }

  private Calibrated observe(Quantizer calibrator, Placement placement, Integers key) {
    Calibrated seen =
        calibrator.calibrate(prepared, placement, placed -> placed.shares().keySet(), calibrating);
    observed.put(key, seen.statistics());
    if (observed.size() > KEPT) {
      observed.remove(observed.keySet().iterator().next());
    }
    return seen;
  }

  Candidate tryOut(String what, Recipe recipe) {
    deadline.check();
    return tryOut(what, recipe, deadline::watch);
  }

  /// However long it takes.
  Candidate tryAnyway(String what, Recipe recipe) {
    return tryOut(what, recipe, stages -> stages);
  }

  /// What was tried before is not tried again.
  private Candidate tryOut(String what, Recipe recipe, UnaryOperator<Progress.Stages> watch) {
    Optional<Candidate> before =
        tried.stream().filter(trial -> trial.recipe().equals(recipe)).findFirst();
    return before.orElseGet(() -> tryNow(what, recipe, watch));
  }

  private Candidate tryNow(String what, Recipe recipe, UnaryOperator<Progress.Stages> watch) {
    Progress.Stages told = quantizer.stages();
    Progress.Stages stages =
        watch.apply((title, steps) -> told.stage("Trying " + what + ": " + title, steps));
    Quantizer candidate = quantizer.withRecipe(recipe).withStages(stages);
    Calibrated seen = calibrated(candidate);
    Quantized quantized = candidate.quantize(seen.prepared(), seen.statistics(), calibrating);
    Candidate trial = examiner.examine(what, candidate, quantized);
    tried.add(trial);
    return trial;
  }

  /// The recipe with weights that have the least error, solved with as many samples as a trial can afford.
  static Recipe solving(Recipe recipe) {
    return recipe.solvingBy(Rounding.LEAST_SQUARES).withSamples(TO_SOLVE);
  }

  SearchResult found(Candidate chosen, boolean complete) {
    return new SearchResult(chosen, tried, judging.size(), complete);
  }

  @Override
  public void close() {
    examiner.close();
  }
}
