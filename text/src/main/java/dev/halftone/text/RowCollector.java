package dev.halftone.text;

import dev.halftone.text.TextTable.Row;
import java.util.ArrayList;
import java.util.List;

/// Gathers rows as long as there is room.
final class RowCollector {

  private final List<Row> rows = new ArrayList<>();
  private long characters;

  /// Takes a row; false where there is no room for it.
  boolean add(Row row) {
    characters += row.characters();
    return rows.size() < TextTable.MOST && characters <= TextTable.MOST_CHARACTERS && rows.add(row);
  }

  List<Row> rows() {
    return rows;
  }
}
