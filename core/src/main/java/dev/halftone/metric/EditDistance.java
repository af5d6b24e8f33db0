package dev.halftone.metric;

/// The least number of insertions, deletions and replacements that make one sequence of another (Levenshtein 1966).
public final class EditDistance {

  private EditDistance() {}

  public static int of(int[] one, int[] other) {
    int[] row = new int[other.length + 1]; // edits from one[0..i) to other[0..j)
    for (int j = 0; j <= other.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= one.length; i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= other.length; j++) {
        int replaced = diagonal + (one[i - 1] == other[j - 1] ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[other.length];
  }

  /// By code point.
  public static int of(String one, String other) {
    return of(one.codePoints().toArray(), other.codePoints().toArray());
  }
}
