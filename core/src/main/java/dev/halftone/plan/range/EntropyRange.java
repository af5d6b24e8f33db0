package dev.halftone.plan.range;

import dev.halftone.calibrate.Distribution;
import dev.halftone.scheme.Range;
import java.util.Arrays;

/// Finds the threshold at which clipping and quantizing changes the distribution least, by Kullback-Leibler divergence
/// (Migacz 2017, "8-bit inference with TensorRT").
///
/// The magnitudes are laid out in 2048 linear bins. For each threshold, P is the histogram below it with everything above counted in its
/// last bin, and Q is the same without what lies above, pooled to the number of levels and spread again over the bins that are not empty.
final class EntropyRange {

  static final int BINS = 2048;

  private EntropyRange() {}

  /// @param levels integers that the range is shared out over
  static Range choose(Distribution seen, int levels) {
    float low = seen.lows()[0];
    float high = seen.highs()[seen.buckets() - 1];
    float reach = Math.max(-low, high);
    if (reach == 0) {
      return new Range(0, 0);
    }
    boolean twoSided = low < 0 && high > 0;
    double[] magnitudes = magnitudes(seen, reach);
    int pools = twoSided ? levels / 2 : levels;
    double best = Double.POSITIVE_INFINITY;
    int threshold = BINS;
    for (int bins = Math.min(BINS, pools); bins <= BINS; bins += 8) {
      double divergence = divergence(magnitudes, bins, pools);
      if (divergence < best) {
        best = divergence;
        threshold = bins;
      }
    }
    float limit = reach * threshold / BINS;
    return new Range(Math.max(low, -limit), Math.max(Math.max(low, -limit), Math.min(high, limit)));
  }

  private static double[] magnitudes(Distribution seen, float reach) {
    double[] positive = seen.linear(-reach, reach, 2 * BINS);
    double[] magnitudes = new double[BINS];
    for (int i = 0; i < BINS; i++) {
      magnitudes[i] = positive[BINS + i] + positive[BINS - 1 - i];
    }
    return magnitudes;
  }

  private static double divergence(double[] magnitudes, int bins, int pools) {
    double total = 0;
    for (double count : magnitudes) {
      total += count;
    }
    double[] p = Arrays.copyOf(magnitudes, bins);
    double inside = 0;
    for (double count : p) {
      inside += count;
    }
    if (inside == 0) {
      return Double.POSITIVE_INFINITY;
    }
    double[] q = pooled(p, pools);
    p[bins - 1] += total - inside;
    double divergence = 0;
    for (int i = 0; i < bins; i++) {
      if (p[i] > 0) {
        double share = p[i] / total;
        // a bin that only the outliers fill has no share in Q: charge it as the smallest share a
        // count can have
        double model = q[i] > 0 ? q[i] / inside : 1 / (total + 1);
        divergence += share * Math.log(share / model);
      }
    }
    return divergence;
  }

  private static double[] pooled(double[] p, int pools) {
    double[] q = new double[p.length];
    for (int pool = 0; pool < pools; pool++) {
      int from = (int) ((long) pool * p.length / pools);
      int to = (int) ((long) (pool + 1) * p.length / pools);
      double sum = 0;
      int filled = 0;
      for (int i = from; i < to; i++) {
        sum += p[i];
        filled += p[i] > 0 ? 1 : 0;
      }
      for (int i = from; i < to; i++) {
        q[i] = p[i] > 0 ? sum / filled : 0;
      }
    }
    return q;
  }
}
