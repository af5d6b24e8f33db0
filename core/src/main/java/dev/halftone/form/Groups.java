package dev.halftone.form;

import java.util.Optional;
import java.util.function.Function;

/// The text of forms some of whose weights may share a multiplier: a name, or as in `rows of groups of 32`.
final class Groups {

  static final int LEAST = 16;
  static final int MOST = 256;
  private static final String OF = " of groups of ";

  private Groups() {}

  /// True of a power of two that groups may have.
  static boolean isSize(int size) {
    return size >= LEAST && size <= MOST && Integer.bitCount(size) == 1;
  }

  /// Throws IllegalArgumentException where groups cannot be of this size.
  static void require(Optional<Integer> size) {
    size.filter(some -> !isSize(some))
        .ifPresent(some -> {
          throw new IllegalArgumentException("no groups of " + some);
        });
  }

  static String text(String name, Optional<Integer> size) {
    return name + size.map(some -> OF + some).orElse("");
  }

  /// What a text is of, by the size of its groups; empty where it begins with another name.
  static <T> Optional<T> parse(String text, String name, Function<Optional<Integer>, T> ofGroups) {
    if (text.equals(name)) {
      return Optional.of(ofGroups.apply(Optional.empty()));
    }
    return text.matches(name + OF + "\\d{1,4}")
        ? Optional.of(
            ofGroups.apply(Optional.of(Integer.parseInt(text.substring((name + OF).length())))))
        : Optional.empty();
  }
}
