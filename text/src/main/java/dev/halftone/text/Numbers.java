package dev.halftone.text;

import java.util.OptionalDouble;
import java.util.regex.Pattern;

/// Reads numbers as tables hold them: with a point, or with a comma where it stands for one.
final class Numbers {

  private static final Pattern NUMBER =
      Pattern.compile(
          "[+-]?(?:[0-9]{1,15}(?:[.,][0-9]{1,20})?|[.,][0-9]{1,20})(?:[eE][+-]?[0-9]{1,2})?");

  private Numbers() {}

  static boolean isNumber(String text) {
    return NUMBER.matcher(text.strip()).matches();
  }

  /// The number; empty of any other text.
  static OptionalDouble parse(String text) {
    return isNumber(text)
        ? OptionalDouble.of(Double.parseDouble(text.strip().replace(',', '.')))
        : OptionalDouble.empty();
  }
}
