package dev.halftone.wording;

import java.util.Locale;

/// Writes a number with what it counts, in the singular or the plural.
public final class Counted {

  private Counted() {}

  /// As in `2,000 pictures`, `1 picture`, `0 classes`, `2 entries`.
  public static String of(long count, String noun) {
    return String.format(Locale.ROOT, "%,d ", count) + (count == 1 ? noun : plural(noun));
  }

  private static String plural(String noun) {
    if (noun.matches(".*(s|x|ch|sh)")) {
      return noun + "es";
    }
    return noun.matches(".*[^aeiou]y") ? noun.substring(0, noun.length() - 1) + "ies" : noun + "s";
  }
}
