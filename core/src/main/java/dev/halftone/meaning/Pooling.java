package dev.halftone.meaning;

import java.util.Arrays;
import java.util.Locale;

/// The way in which applications make one vector of a text out of the vectors of its tokens. Only tokens count that the mask keeps.
public enum Pooling {
  /// The mean over the tokens.
  MEAN,
  /// The vector of the first token.
  CLS,
  /// The vector of the last token, as of decoders.
  LAST,
  /// None: each token keeps its vector.
  TOKENS;

  /// As in `mean`.
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// As in `the mean over its tokens`.
  public String words() {
    return switch (this) {
      case MEAN -> "the mean over its tokens";
      case CLS -> "its first token";
      case LAST -> "its last token";
      case TOKENS -> "each of its tokens";
    };
  }

  /// Reads `mean`, `cls`, `last` or `tokens`.
  ///
  /// Throws IllegalArgumentException, with a sentence for the reader, where it is none of these.
  public static Pooling parse(String text) {
    return Arrays.stream(values())
        .filter(way -> way.text().equals(text.strip().toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "a pooling is mean, cls, last or tokens, not '%s'".formatted(text)));
  }
}
