package dev.halftone.text;

import dev.halftone.graph.Graph;
import dev.halftone.tensor.Shape;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;

/// The table of a network that has a row for each place in a text, known by its name.
final class PositionTable {

  /// Rows that RoBERTa's kind leaves unused: the first two are for what fills up.
  private static final int UNUSED = 2;

  private PositionTable() {}

  /// The longest text that the network reads; empty where it has no such table, or one of another name.
  static OptionalInt tokens(Graph graph) {
    return graph.initializers().entrySet().stream()
        .filter(constant -> isTable(constant.getKey()))
        .map(Map.Entry::getValue)
        .filter(table -> table.dtype().isFloat() && isMatrix(table.shape()))
        .mapToInt(table -> tokens((int) table.shape().dim(-2)))
        .min();
  }

  private static boolean isTable(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return !lower.contains("relative")
        && (lower.contains("position_embedding") || lower.contains("embed_positions"));
  }

  private static boolean isMatrix(Shape shape) {
    return shape.rank() == 2 && shape.dim(0) > 2 && shape.dim(0) <= Integer.MAX_VALUE;
  }

  /// Tables have as many rows as a power of two, or two more.
  private static int tokens(int rows) {
    int used = rows - UNUSED;
    return Integer.bitCount(used) == 1 ? used : rows;
  }
}
