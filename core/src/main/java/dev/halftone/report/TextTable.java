package dev.halftone.report;

import java.util.ArrayList;
import java.util.List;

/// A table of text: a head, a rule, rows; columns as wide as they need, the widest cut where the whole would not fit.
public final class TextTable {

  private static final String GAP = "  ";
  private static final int LEAST = 6;

  private final List<List<String>> rows = new ArrayList<>();
  private final int columns;

  public TextTable(String... head) {
    columns = head.length;
    rows.add(List.of(head));
  }

  public TextTable row(String... cells) {
    if (cells.length != columns) {
      throw new IllegalArgumentException(cells.length + " cells in a row of " + columns);
    }
    rows.add(List.of(cells));
    return this;
  }

  /// No line is longer than `width`, or ends in a space.
  public String render(int width) {
    int[] widths = widths(width);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < rows.size(); i++) {
      line(text, rows.get(i), widths);
      if (i == 0) {
        line(text, java.util.Arrays.stream(widths).mapToObj("-"::repeat).toList(), widths);
      }
    }
    return text.toString();
  }

  private int[] widths(int width) {
    int[] widths = new int[columns];
    int total = GAP.length() * (columns - 1);
    for (int c = 0; c < columns; c++) {
      for (List<String> row : rows) {
        widths[c] = Math.max(widths[c], row.get(c).length());
      }
      total += widths[c];
    }
    while (total > width) {
      int widest = 0;
      for (int c = 1; c < columns; c++) {
        widest = widths[c] > widths[widest] ? c : widest;
      }
      if (widths[widest] <= LEAST) {
        break;
      }
      widths[widest]--;
      total--;
    }
    return widths;
  }

  private static void line(StringBuilder text, List<String> cells, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int c = 0; c < widths.length; c++) {
      String cell = cut(cells.get(c), widths[c]);
      line.append(c == 0 ? "" : GAP).append(cell).append(" ".repeat(widths[c] - cell.length()));
    }
    text.append(line.toString().stripTrailing()).append('\n');
  }

  /// The text, its middle left out where it is longer than `width`: names differ at their ends.
  static String cut(String text, int width) {
    if (text.length() <= width) {
      return text;
    }
    int head = (width - 3) / 2;
    return text.substring(0, head) + "..." + text.substring(text.length() - (width - 3 - head));
  }

  /// The text in lines of no more than `width`, broken at spaces.
  public static String wrap(String text, int width) {
    StringBuilder wrapped = new StringBuilder();
    int column = 0;
    for (String word : text.split(" ")) {
      if (column > 0 && column + 1 + word.length() > width) {
        wrapped.append('\n');
        column = 0;
      }
      wrapped.append(column == 0 ? "" : " ").append(word);
      column += (column == 0 ? 0 : 1) + word.length();
    }
    return wrapped.toString();
  }
}
