package dev.halftone.text;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// A file of texts as rows of fields, before anything says what the columns are.
///
/// @param columns their names, lower case; empty where the file names none
/// @param rows each with a field a column
/// @param isWhole whether these are all rows of the file
record TextTable(Path file, List<String> columns, List<Row> rows, boolean isWhole) {

  /// Rows beyond are not read: no more are needed to calibrate and to measure, and memory has to hold them.
  static final int MOST = 100_000;

  /// Characters beyond are not read.
  static final int MOST_CHARACTERS = 32 << 20;

  /// One of a table.
  ///
  /// @param line of the file, counted from 1
  record Row(long line, List<String> fields) {

    Row {
      fields = List.copyOf(fields);
    }

    long characters() {
      return fields.stream().mapToLong(String::length).sum();
    }
  }

  TextTable {
    columns = List.copyOf(columns);
    rows = List.copyOf(rows);
  }

  int width() {
    return columns.isEmpty() ? rows.getFirst().fields().size() : columns.size();
  }

  /// What stands in a column that says something.
  Stream<String> values(int column) {
    return rows.stream()
        .map(row -> row.fields().get(column).strip())
        .filter(value -> !value.isEmpty());
  }

  /// As in `stsb.csv, line 3`.
  String where(Row row) {
    return file + ", line " + row.line();
  }

  /// The name of a column, or its number where it has none.
  String column(int index) {
    return columns.isEmpty() ? String.valueOf(index + 1) : "'" + columns.get(index) + "'";
  }
}
