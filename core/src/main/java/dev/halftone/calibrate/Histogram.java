package dev.halftone.calibrate;

import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// Counts floats in buckets that do not depend on the data: a bucket is a sign, an exponent and the upper 10 bits of the mantissa.
///
/// Every power of two has 1024 equal buckets, so the upper half of any range [0, 2^e] is as fine as a linear histogram of 2048 bins
/// over it, and the lower half is finer. Since the buckets are fixed, merging is the addition of integers: associative, commutative,
/// exact; and memory is bounded by the exponents that occur (8 KiB each), not by the number of samples.
final class Histogram {

  static final int MANTISSA_BITS = 10;
  private static final int PAGE = 1 << MANTISSA_BITS;
  private static final int SHIFT = 23 - MANTISSA_BITS;

  /// The number of the first bucket of negative values.
  private static final int SIGN = 1 << (31 - SHIFT);

  /// [sign and exponent, 512][PAGE], pages made when first needed
  private final long[][] pages = new long[512][];

  private static final long[] NONE = new long[0];

  Histogram() {
    Arrays.fill(pages, NONE);
  }

  /// Counts the floats whose bits are `values[from]`, `values[from + stride]`, ... below `to`, all finite; gives the index that would
  /// have come next. Negative zero counts as zero.
  int add(int[] values, int from, int to, int stride) {
    long[][] target = pages;
    int i = from;
    for (; i < to; i += stride) {
      int bucket = (values[i] == Integer.MIN_VALUE ? 0 : values[i]) >>> SHIFT;
      long[] page = target[bucket >>> MANTISSA_BITS];
      if (page == NONE) {
        page = new long[PAGE];
        target[bucket >>> MANTISSA_BITS] = page;
      }
      page[bucket & (PAGE - 1)]++;
    }
    return i;
  }

  /// Counts by bucket number: the upper 19 bits of the float.
  SortedMap<Integer, Long> counts() {
    SortedMap<Integer, Long> counts = new TreeMap<>();
    for (int p = 0; p < pages.length; p++) {
      for (int i = 0; i < pages[p].length; i++) {
        if (pages[p][i] != 0) {
          counts.put(p << MANTISSA_BITS | i, pages[p][i]);
        }
      }
    }
    return counts;
  }

  /// Throws IllegalArgumentException where these are no counts by bucket number.
  static void check(SortedMap<Integer, Long> counts) {
    long all = 0;
    for (Map.Entry<Integer, Long> entry : counts.entrySet()) {
      int bucket = entry.getKey();
      boolean finite =
          bucket >= 0 && bucket < 2 * SIGN && Float.isFinite(Float.intBitsToFloat(bucket << SHIFT));
      if (!finite) {
        throw new IllegalArgumentException("counts has no bucket " + bucket);
      }
      if (entry.getValue() < 1 || entry.getValue() > Long.MAX_VALUE / 2 - all) {
        throw new IllegalArgumentException(
            "counts of bucket " + bucket + " is no number of elements: " + entry.getValue());
      }
      all += entry.getValue();
    }
  }

  /// Buckets in the order of their values.
  static Distribution distribution(SortedMap<Integer, Long> counts) {
    int n = counts.size();
    float[] lows = new float[n];
    float[] highs = new float[n];
    long[] sizes = new long[n];
    int negatives = counts.tailMap(SIGN).size();
    int i = 0;
    for (Map.Entry<Integer, Long> entry : counts.entrySet()) {
      int bucket = entry.getKey();
      boolean negative = bucket >= SIGN;
      int at = negative ? n - 1 - i : negatives + i;
      float near = Float.intBitsToFloat((bucket & (SIGN - 1)) << SHIFT);
      float far = bucket == 0 ? 0 : Float.intBitsToFloat(((bucket & (SIGN - 1)) + 1) << SHIFT);
      lows[at] = negative ? -far : near;
      highs[at] = negative ? -near : far;
      sizes[at] = entry.getValue();
      i++;
    }
    return new Distribution(lows, highs, sizes);
  }
}
