package dev.halftone.plan.range;

import dev.halftone.calibrate.Distribution;
import dev.halftone.scheme.Range;

/// Cuts the same share of values off at both ends.
final class PercentileRange {

  private PercentileRange() {}

  static Range choose(Distribution seen, double percent) {
    double cut = seen.total() * (100 - percent) / 200;
    int first = 0;
    for (double below = seen.counts()[0];
        below <= cut && first < seen.buckets() - 1;
        below += seen.counts()[++first]) {}
    int last = seen.buckets() - 1;
    for (double above = seen.counts()[last];
        above <= cut && last > first;
        above += seen.counts()[--last]) {}
    return new Range(seen.lows()[first], seen.highs()[last]);
  }
}
