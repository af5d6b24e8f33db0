package dev.halftone.form;

import java.util.Optional;
import java.util.function.Function;

/// The text of forms some of whose weights may share a multiplier: a name, or as in `rows of groups of 32`.
final class Groups {

  private static final String OF = " of groups of ";

  private Groups() {}

  /// Throws IllegalArgumentException where groups cannot be of this size.
  static void require(Optional<Integer> size) {
    size.filter(some -> !BlockWise.isSize(some))
        .ifPresent(some -> {
          throw new IllegalArgumentException("no groups of " + some);
        });
  }

  static String text(String name, Optional<Integer> size) {
    return name + size.map(some -> OF + some).orElse("");
  }

  /// The form of a text; empty where it begins with another name.
  static Optional<Form> parse(
      String text, String name, Function<Optional<Integer>, Form> ofGroups) {
    if (text.equals(name)) {
      return Optional.of(ofGroups.apply(Optional.empty()));
    }
    return text.matches(name + OF + "\\d{1,4}")
        ? Optional.of(
            ofGroups.apply(Optional.of(Integer.parseInt(text.substring((name + OF).length())))))
        : Optional.empty();
  }
}
