package dev.halftone.recipe;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The values that share a scale where products read activations as 8-bit integers.
public enum ProductScale {

  /// All of a tensor, from its least and greatest value at run time. What is computed for one sample then depends on the others of its
  /// batch.
  DYNAMIC("dynamic", "a scale for each run"),

  /// Those of a row (a token), from the greatest at run time, whatever stands beside it in a batch.
  ROW("row", "a scale for each row"),

  /// The same, with channels shifted and scaled before by what was observed of them.
  SMOOTHED_ROW("smoothed-row", "a scale for each row, behind smoothing"),

  /// All of a tensor, from ranges that were observed.
  STATIC("static", "observed ranges"),

  /// Those of a row where observed ranges would cost the product too much, else all of a tensor.
  MEASURED("measured", "a scale for each row where observed ranges do not do");

  private final String text;
  private final String words;

  ProductScale(String text, String words) {
    this.text = text;
    this.words = words;
  }

  /// As in a recipe's file.
  public String text() {
    return text;
  }

  String words() {
    return words;
  }

  /// True where values must have been observed.
  public boolean observes() {
    return switch (this) {
      case DYNAMIC, ROW -> false;
      case SMOOTHED_ROW, STATIC, MEASURED -> true;
    };
  }

  static List<String> texts() {
    return Arrays.stream(values()).map(ProductScale::text).toList();
  }

  static Optional<ProductScale> named(String text) {
    return Arrays.stream(values()).filter(scale -> scale.text.equals(text)).findFirst();
  }
}
