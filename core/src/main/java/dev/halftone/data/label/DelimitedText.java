package dev.halftone.data.label;

import dev.halftone.UnusableInputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.stream.Stream;

/// A table in a text file: a header line, then a row a line, fields separated by commas, semicolons or tabs, whichever the header has most of.
///
/// Fields may be quoted as RFC 4180 says, within one line; a byte order mark and blank lines are passed over.
///
/// @param first the line that the header is, as it stands
/// @param header lower case, without blanks around
record DelimitedText(Path file, Row first, List<String> header, List<Row> rows) {

  /// @param line counted from 1
  record Row(int line, List<String> fields) {

    String field(int column) {
      return fields.get(column);
    }

    /// Without blanks around; empty where the line is too short.
    String value(int column) {
      return column < fields.size() ? fields.get(column).strip() : "";
    }
  }

  static DelimitedText read(Path file) {
    List<String> lines = lines(file);
    String first = lines.isEmpty() ? "" : lines.getFirst();
    char separator =
        Stream.of(',', ';', '\t')
            .max(Comparator.comparingInt(one -> fields(first, one).size()))
            .orElseThrow();
    Row top = new Row(1, lines.isEmpty() ? List.of() : fields(first, separator));
    List<String> header =
        top.fields().stream().map(name -> name.strip().toLowerCase(Locale.ROOT)).toList();
    List<Row> rows = new ArrayList<>();
    for (int i = 1; i < lines.size(); i++) {
      if (!lines.get(i).isBlank()) {
        rows.add(new Row(i + 1, fields(lines.get(i), separator)));
      }
    }
    return new DelimitedText(file, top, header, rows);
  }

  /// The same where the first line is a row as others are.
  ///
  /// @param names of the columns
  DelimitedText headed(List<String> names) {
    List<Row> all = new ArrayList<>(List.of(first));
    all.addAll(rows);
    return new DelimitedText(file, first, names, all);
  }

  /// As in `labels.csv, line 3`.
  String where(Row row) {
    return file + ", line " + row.line();
  }

  /// The first of these columns that is there.
  OptionalInt column(List<String> names) {
    return names.stream().mapToInt(header::indexOf).filter(column -> column >= 0).findFirst();
  }

  private static List<String> lines(Path file) {
    try {
      String text = Files.readString(file, StandardCharsets.UTF_8);
      return (text.startsWith("\uFEFF") ? text.substring(1) : text).lines().toList();
    } catch (IOException e) {
      throw new UnusableInputException(
          file + " cannot be read (" + e + "): it must be a readable text file in UTF-8", e);
    }
  }

  private static List<String> fields(String line, char separator) {
    List<String> fields = new ArrayList<>();
    StringBuilder field = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      boolean doubled = quoted && c == '"' && i + 1 < line.length() && line.charAt(i + 1) == '"';
      if (doubled) {
        field.append('"');
        i++;
      } else if (c == '"' && (quoted || field.isEmpty())) {
        quoted = !quoted;
      } else if (c == separator && !quoted) {
        fields.add(field.toString());
        field.setLength(0);
      } else {
        field.append(c);
      }
    }
    fields.add(field.toString());
    return fields;
  }
}
