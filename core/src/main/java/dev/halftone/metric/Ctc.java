package dev.halftone.metric;

/// Connectionist temporal classification (Graves et al. 2006), read greedily: the best class at each step. A class that follows
/// itself counts once, class 0 is the blank between.
public final class Ctc {

  static final int BLANK = 0;

  private Ctc() {}

  /// @param picks // [steps]
  public static int[] read(int[] picks) {
    int[] text = new int[picks.length];
    int length = 0;
    for (int i = 0; i < picks.length; i++) {
      if (picks[i] != BLANK && (i == 0 || picks[i] != picks[i - 1])) {
        text[length++] = picks[i];
      }
    }
    return java.util.Arrays.copyOf(text, length);
  }
}
