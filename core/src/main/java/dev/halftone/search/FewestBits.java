package dev.halftone.search;

import dev.halftone.Calibrated;
import dev.halftone.Quantizer;
import dev.halftone.data.Dataset;
import dev.halftone.graph.Model;
import dev.halftone.plan.bits.Allocation;
import dev.halftone.plan.bits.LayerNoise;
import dev.halftone.recipe.Recipe;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/// Finds how few bits a weight, shared out among the layers as [MixedPrecision] does, still give good answers: what each layer costs is
/// measured once, then the average is found by bisection, each average solved for and judged on samples that it was not calibrated on.
public final class FewestBits {

  /// The search ends when bits a weight are known to this.
  private static final double PRECISION = 0.25;

  /// Noise, over the power of the output, that a search starts from.
  private static final double TOLERABLE = 0.02;

  private FewestBits() {}

  /// Throws UnusableInputException where there are too few samples to judge by.
  ///
  /// @param quantizer its recipe says everything but the bits of the weights
  /// @param data calibration samples; half of them judge
  /// @param wanted after its time the smallest that was good by then is chosen; 8 bits for all weights are tried in any case
  public static SearchResult search(
      Quantizer quantizer, Model model, Dataset data, SearchTerms wanted) {
    try (Candidates trials = new Candidates(quantizer, model, data, wanted)) {
      boolean complete = true;
      try {
        if (trials.tryAnyway("8 bits a weight", trials.simple()).isGood()) {
          bisect(trials);
        }
      } catch (Deadline.TimeUp _) {
        complete = false;
      }
      return trials.found(smallest(trials.all()), complete);
    }
  }

  private static void bisect(Candidates trials) {
    Recipe simple = trials.simple();
    Quantizer quantizer = trials.quantizer(simple);
    Calibrated seen = trials.calibrated(quantizer);
    List<LayerNoise> layers =
        Sensitivity.measure(quantizer, seen.prepared(), seen.statistics(), trials.calibrating());
    double bad = Allocation.FEWEST - PRECISION;
    double good = Allocation.MOST;
    double next = firstGuess(layers);
    while (good - bad > PRECISION) {
      MixedPrecision mixed = MixedPrecision.of(simple, layers, next);
      String what = String.format(Locale.ROOT, "%.2f bits a weight", mixed.allocation().average());
      if (trials.tryOut(what, Candidates.solving(mixed.recipe())).isGood()) {
        good = next;
      } else {
        bad = next;
      }
      next = Math.max(Allocation.FEWEST, (bad + good) / 2);
    }
  }

  /// The fewest bits whose noise, by what was measured of each layer, is tolerable.
  private static double firstGuess(List<LayerNoise> layers) {
    double bits = Allocation.FEWEST;
    while (bits < Allocation.MOST && Allocation.of(layers, bits).noise() > TOLERABLE) {
      bits += PRECISION;
    }
    return bits;
  }

  private static Candidate smallest(List<Candidate> all) {
    return all.stream()
        .filter(Candidate::isGood)
        .min(Comparator.comparingLong(trial -> trial.cost().bytes()))
        .orElse(all.getFirst());
  }
}
