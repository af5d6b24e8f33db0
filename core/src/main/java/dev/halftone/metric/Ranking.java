package dev.halftone.metric;

/// Order of the classes by their score: greater first, NaN last, and of equal scores the lower index first, so that a tie
/// is broken the same way for every model and every run.
public final class Ranking {

  private Ranking() {}

  /// Index of the best of `scores[from .. from + count)`, relative to `from`.
  public static int best(float[] scores, int from, int count) {
    int best = 0;
    for (int i = 1; i < count; i++) {
      if (isBefore(scores[from + i], scores[from + best])) {
        best = i;
      }
    }
    return best;
  }

  public static int best(float[] scores) {
    return best(scores, 0, scores.length);
  }

  /// The `k` best, best first; all of them where there are fewer.
  public static int[] top(float[] scores, int k) {
    int[] top = new int[Math.min(k, scores.length)];
    int filled = 0;
    for (int i = 0; i < scores.length; i++) {
      int at = filled;
      while (at > 0 && isBefore(scores[i], scores[top[at - 1]])) {
        at--;
      }
      if (at == top.length) {
        continue;
      }
      filled = Math.min(filled + 1, top.length);
      System.arraycopy(top, at, top, at + 1, filled - at - 1);
      top[at] = i;
    }
    return top;
  }

  /// How many classes stand before `index`; 0 for the best.
  public static int rank(float[] scores, int index) {
    int before = 0;
    for (int i = 0; i < scores.length; i++) {
      boolean tiedAndEarlier = i < index && !isBefore(scores[index], scores[i]);
      if (isBefore(scores[i], scores[index]) || tiedAndEarlier) {
        before++;
      }
    }
    return before;
  }

  /// Score of the best minus score of the second, of `scores[from .. from + count)`; 0 with fewer than two classes.
  public static double margin(float[] scores, int from, int count) {
    if (count < 2) {
      return 0;
    }
    int best = best(scores, from, count);
    double second = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < count; i++) {
      if (i != best && scores[from + i] > second) {
        second = scores[from + i];
      }
    }
    double margin = scores[from + best] - second;
    return Double.isFinite(margin) ? margin : 0;
  }

  private static boolean isBefore(float score, float other) {
    return score > other || (Float.isNaN(other) && !Float.isNaN(score));
  }
}
