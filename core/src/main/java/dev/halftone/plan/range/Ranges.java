package dev.halftone.plan.range;

import dev.halftone.calibrate.TensorStatistics;
import dev.halftone.recipe.Observer;
import dev.halftone.scheme.QuantizedType;
import dev.halftone.scheme.Range;

/// The range that an observer chooses.
public final class Ranges {

  private Ranges() {}

  public static Range choose(Observer observer, TensorStatistics seen, QuantizedType type) {
    Range all = new Range(seen.min(), seen.max());
    return switch (observer) {
      case Observer.MinMax() -> all;
      case Observer.MovingAverage() -> new Range(seen.meanMin(), seen.meanMax());
      case Observer.Percentile(double percent) ->
          PercentileRange.choose(seen.distribution(), percent).intersect(all);
      case Observer.Entropy() ->
          EntropyRange.choose(seen.distribution(), type.steps() + 1).intersect(all);
      case Observer.Mse() -> MseRange.choose(seen.distribution(), all, type);
      case Observer.Output output -> choose(output.withoutSamples(), seen, type);
    };
  }
}
