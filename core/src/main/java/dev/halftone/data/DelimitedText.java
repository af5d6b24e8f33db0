package dev.halftone.data;

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
/// @param header lower case, without blanks around
record DelimitedText(Path file, List<String> header, List<Row> rows) {

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
    List<String> header =
        lines.isEmpty()
            ? List.of()
            : fields(first, separator).stream()
                .map(name -> name.strip().toLowerCase(Locale.ROOT))
                .toList();
    List<Row> rows = new ArrayList<>();
    for (int i = 1; i < lines.size(); i++) {
      if (!lines.get(i).isBlank()) {
        rows.add(new Row(i + 1, fields(lines.get(i), separator)));
      }
    }
    return new DelimitedText(file, header, rows);
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
