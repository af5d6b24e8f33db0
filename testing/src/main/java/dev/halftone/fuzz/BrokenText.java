package dev.halftone.fuzz;

import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// Copies of JSON, tables and other texts in which a value is extreme or of another type, or a field is absent, doubled or misspelt.
public final class BrokenText {

  /// Values and names: whatever stands between separators.
  private static final Pattern TOKEN = Pattern.compile("\"[^\"]*\"|[-+.\\w]+|[{}\\[\\]:,;=]|\\R");

  /// What stands behind the name of a field, or in an array.
  private static final Pattern FIELD =
      Pattern.compile("(?<=[:\\[,] {0,2})(?:\"[^\"]*\"|[-+.\\w]+)(?=\\s*[,}\\]])");

  /// Of these, so many are JSON.
  private static final int JSON_VALUES = 20;

  private static final List<String> VALUES =
      List.of(
          "null",
          "true",
          "{}",
          "[]",
          "\"\"",
          "\"NaN\"",
          "-1",
          "0",
          "1",
          "1e999",
          "1e-999",
          "2147483648",
          "9223372036854775807",
          "0.5",
          "\"***a*b\"",
          "[null]",
          "{\"a\":null}",
          "\"uint8 0..511\"",
          "\"int8 -1..0\"",
          "7",
          "NaN",
          "Infinity",
          "-0",
          "-1e999",
          "-2147483648",
          "9223372036854775808",
          "1e99999999",
          "1000000",
          "\"a\\u0000b\"",
          "..",
          "\u0000",
          "é\uD83D\uDE00");

  private BrokenText() {}

  /// One to three changes.
  public static String of(String original, SplittableRandom random) {
    String mutant = original;
    for (int changes = random.nextInt(1, 4); changes > 0; changes--) {
      mutant = mutate(mutant, random);
    }
    return mutant;
  }

  /// A number, word or name that some reader does not expect.
  public static String value(SplittableRandom random) {
    return VALUES.get(random.nextInt(VALUES.size()));
  }

  private static String mutate(String text, SplittableRandom random) {
    List<MatchResult> fields = FIELD.matcher(text).results().toList();
    if (!fields.isEmpty() && random.nextInt(3) != 0) {
      MatchResult field = fields.get(random.nextInt(fields.size()));
      String other = VALUES.get(random.nextInt(JSON_VALUES));
      return text.substring(0, field.start()) + other + text.substring(field.end());
    }
    List<MatchResult> tokens = TOKEN.matcher(text).results().toList();
    if (tokens.isEmpty()) {
      return value(random);
    }
    MatchResult token = tokens.get(random.nextInt(tokens.size()));
    MatchResult other = tokens.get(random.nextInt(tokens.size()));
    int start = token.start();
    int end = token.end();
    return switch (random.nextInt(11)) {
      case 0, 1, 2, 3 -> text.substring(0, start) + value(random) + text.substring(end);
      case 4 -> text.substring(0, start) + text.substring(end);
      case 5 -> text.substring(0, start) + other.group() + text.substring(end);
      case 6 -> text.substring(0, end) + text.substring(start);
      case 7 -> text.substring(0, start);
      case 8 ->
          text.substring(0, start)
              + List.of("[", "{\"a\":", "*", "9", "\"", "a,")
                  .get(random.nextInt(6))
                  .repeat(random.nextInt(1, 50_000))
              + text.substring(end);
      case 9 ->
          text.substring(0, Math.min(start, other.start()))
              + text.substring(Math.max(end, other.end()));
      default -> text.substring(0, start) + token.group() + token.group() + text.substring(end);
    };
  }
}
