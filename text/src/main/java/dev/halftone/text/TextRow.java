package dev.halftone.text;

import dev.halftone.UnusableInputException;
import dev.halftone.text.TextTable.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/// A row of a file of texts.
///
/// @param line of the file, counted from 1
/// @param second the other text, where these are pairs
/// @param score how alike the texts of a pair are
/// @param label as it stands in the file; empty where there is none
record TextRow(
    long line, String first, Optional<String> second, OptionalDouble score, String label) {

  /// The rows that have all their texts.
  static List<TextRow> of(TextTable table, TextColumns columns) {
    List<TextRow> rows = new ArrayList<>();
    for (Row row : table.rows()) {
      String first = row.fields().get(columns.first());
      Optional<String> second =
          columns.second().isPresent()
              ? Optional.of(row.fields().get(columns.second().getAsInt()))
              : Optional.empty();
      if (!first.isBlank() && second.filter(String::isBlank).isEmpty()) {
        rows.add(
            new TextRow(
                row.line(),
                first,
                second,
                score(table, row, columns),
                columns.label().isPresent()
                    ? row.fields().get(columns.label().getAsInt()).strip()
                    : ""));
      }
    }
    return rows;
  }

  private static OptionalDouble score(TextTable table, Row row, TextColumns columns) {
    if (columns.score().isEmpty()) {
      return OptionalDouble.empty();
    }
    String value = row.fields().get(columns.score().getAsInt()).strip();
    OptionalDouble score = Numbers.parse(value);
    if (score.isEmpty() && !value.isEmpty()) {
      throw new UnusableInputException(
          "%s has the score '%s', which is no number: correct or remove it"
              .formatted(table.where(row), value));
    }
    return score;
  }
}
