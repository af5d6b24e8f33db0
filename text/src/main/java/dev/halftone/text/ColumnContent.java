package dev.halftone.text;

import java.util.List;
import java.util.stream.IntStream;

/// The look of a column of a table, where no name says what it is.
enum ColumnContent {
  /// Texts.
  TEXTS,
  /// Words that stand in it again and again, as names of classes do.
  NAMES,
  /// Numbers.
  NUMBERS,
  /// The numbers of the rows, or nothing.
  NOTHING;

  /// Words of a name of a class.
  private static final int WORDS = 3;

  static ColumnContent of(TextTable table, int column) {
    List<String> values = table.values(column).toList();
    if (values.isEmpty() || isCounted(values)) {
      return NOTHING;
    }
    if (values.stream().allMatch(Numbers::isNumber)) {
      return NUMBERS;
    }
    long distinct = values.stream().distinct().count();
    boolean areShort = values.stream().allMatch(value -> value.split("\\s+").length <= WORDS);
    return areShort && values.size() >= 4 && 2 * distinct <= values.size() ? NAMES : TEXTS;
  }

  /// True of 0, 1, 2, ... and of 1, 2, 3, ...
  private static boolean isCounted(List<String> values) {
    return values.size() > 2
        && (values.getFirst().equals("0") || values.getFirst().equals("1"))
        && IntStream.range(0, values.size())
            .allMatch(
                i -> values.get(i).equals(String.valueOf(i + Integer.parseInt(values.getFirst()))));
  }
}
