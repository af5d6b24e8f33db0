package dev.halftone.search;

import dev.halftone.plan.Layer;
import dev.halftone.plan.Placement;
import dev.halftone.recipe.Recipe;
import dev.halftone.recipe.Rounding;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Search among the recipes for transformers: products with observed and smoothed ranges, with a scale a row and with a scale a run, and integers
/// for weights alone; where many layers are convolutions, the recipe for these too.
///
/// A scale a row and weights alone are always tried, however short the time, and so is the recipe that it begins with, rounded to nearest
/// where the time is too short to solve for weights. Where no form is good enough, or none that is faster than the float model, the layers that
/// do the damage compute with floats.
final class TransformerSearch {

  /// In words, where there was no time to solve for weights.
  private static final String ROUNDED = "rounded to nearest";

  /// The share of layers that are no products, from which on the network is as much a convolutional one.
  private static final double MIXED = 0.25;

  private final Candidates trials;

  /// @param trials whose simple recipe is one for transformers
  TransformerSearch(Candidates trials) {
    this.trials = trials;
  }

  SearchResult search() {
    Recipe simple = trials.simple();
    List<Candidate> products = new ArrayList<>(); // their results do not depend on the batch
    products.add(trials.tryAnyway(Recipe.ROWS.name(), like(Recipe.ROWS)));
    Candidate weights = trials.tryAnyway(Recipe.W8A32.name(), like(Recipe.W8A32));
    Ranking ranking = new Ranking(Optional.empty(), Optional.of(weights), weights.noise());
    boolean complete = true;
    try {
      products.add(
          trials.tryOut(
              simple.name(), simple.rounding().solves() ? Candidates.solving(simple) : simple));
    } catch (Deadline.TimeUp _) {
      complete = false;
      Recipe nearest = simple.withRounding(Rounding.NEAREST);
      products.add(trials.tryAnyway(simple.name() + ", " + ROUNDED, nearest));
    }
    try {
      trials.tryOut(Recipe.DYNAMIC.name(), like(Recipe.DYNAMIC));
      if (isMixed()) {
        trials.tryOut(Recipe.W8A8.name(), like(Recipe.W8A8));
      }
      List<Candidate> enough =
          trials.all().stream()
              .filter(trial -> trial != weights && !trial.dependsOnBatch())
              .filter(ranking::isEnough)
              .toList();
      List<Candidate> fast = products.stream().filter(Ranking::isGain).toList();
      if (enough.isEmpty()) {
        exempt(products, ranking);
      } else if (weights.judgesSequences()) { // noise counts for more than speed there
        trials.tryOut(Recipe.W8A32.name() + ", solved for", Candidates.solving(like(Recipe.W8A32)));
      } else if (!fast.isEmpty() && enough.stream().noneMatch(Ranking::isGain)) {
        exempt(fast, ranking);
      }
    } catch (Deadline.TimeUp _) {
      complete = false;
    }
    return trials.found(ranking.best(trials.all()), complete);
  }

  /// A recipe with what was asked for besides.
  private Recipe like(Recipe named) {
    Recipe simple = trials.simple();
    Recipe kept = named.with(named.rules().overriding(simple.rules().kept()));
    return simple.biasCorrection() ? kept : kept.withoutBiasCorrection();
  }

  private boolean isMixed() {
    Placement placement = trials.place(trials.simple());
    long others = placement.layers().stream().filter(Layer::readsIntegers).count();
    return others >= MIXED * placement.layers().size();
  }

  /// Lets as few layers as possible compute with floats.
  ///
  /// @param some the most exact of these is where that begins
  private void exempt(List<Candidate> some, Ranking ranking) {
    Candidate best = ranking.quietest(some);
    Recipe base = Candidates.solving(best.recipe());
    FloatFallback way = new FloatFallback(Baseline.of(trials, trials.quantizer(base)));
    Exemption exemption = new Exemption(trials);
    exemption.apply(way, exemption.least(way), ranking::isEnough);
  }
}
