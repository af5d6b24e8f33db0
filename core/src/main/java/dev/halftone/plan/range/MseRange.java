package dev.halftone.plan.range;

import dev.halftone.calibrate.Distribution;
import dev.halftone.scheme.Affine;
import dev.halftone.scheme.QuantizedType;
import dev.halftone.scheme.Range;

/// Finds the range with the least squared error, rounding and clipping together, by shrinking both ends and then each alone.
final class MseRange {

  private static final int STEPS = 24;

  /// A range is never cut below this share of what was seen.
  private static final double LEAST = 0.25;

  /// The same for integers of fewer than 8 bits: the coarser the grid, the more is worth cutting.
  private static final int NARROW_STEPS = 72;

  private static final double NARROW_LEAST = 0.1;

  private MseRange() {}

  static Range choose(Distribution seen, Range all, QuantizedType type) {
    int steps = type.bits() < 8 ? NARROW_STEPS : STEPS;
    double smallest = type.bits() < 8 ? NARROW_LEAST : LEAST;
    Range best = all.withZero();
    double least = error(seen, Affine.covering(best, type));
    for (Side side : Side.values()) {
      Range start = best;
      for (int i = 1; i <= steps; i++) {
        double share = 1 - (1 - smallest) * i / steps;
        Range candidate = side.shrink(start, (float) share);
        double error = error(seen, Affine.covering(candidate, type));
        if (error < least) {
          least = error;
          best = candidate;
        }
      }
    }
    return best;
  }

  private enum Side {
    BOTH,
    LOW,
    HIGH;

    Range shrink(Range range, float share) {
      return new Range(
          this == HIGH ? range.low() : range.low() * share,
          this == LOW ? range.high() : range.high() * share);
    }
  }

  /// Sum of squared errors over all values.
  static double error(Distribution seen, Affine grid) {
    double scale = grid.scale();
    double inverse = 1 / scale;
    Range ends = grid.range();
    double sum = 0;
    for (int b = 0; b < seen.buckets(); b++) {
      double width = (double) seen.highs()[b] - seen.lows()[b];
      double center = seen.lows()[b] + width / 2;
      double error;
      if (center < ends.low()) {
        error = ends.low() - center;
      } else if (center > ends.high()) {
        error = center - ends.high();
      } else if (width >= scale) {
        sum += seen.counts()[b] * scale * scale / 12;
        continue;
      } else {
        error = center - Math.rint(center * inverse) * scale;
      }
      sum += seen.counts()[b] * error * error;
    }
    return sum;
  }
}
