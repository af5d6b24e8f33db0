package dev.halftone.text;

import dev.halftone.UnusableInputException;
import dev.halftone.data.label.FolderListing;
import dev.halftone.text.TextTable.Row;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The kinds of files that hold texts, by the ends of their names.
enum TextFile {
  /// A text a line.
  LINES(List.of("txt")) {
    @Override
    TextTable table(Path file) throws IOException {
      return lines(file);
    }
  },
  /// Fields behind each other, as RFC 4180 says.
  COMMAS(List.of("csv")) {
    @Override
    TextTable table(Path file) throws IOException {
      return DelimitedTexts.ofCommas(file);
    }
  },
  /// Fields with tabs between.
  TABS(List.of("tsv", "tab")) {
    @Override
    TextTable table(Path file) throws IOException {
      return DelimitedTexts.ofTabs(file);
    }
  },
  /// A JSON object or string a line, or one array of them.
  JSON(List.of("jsonl", "ndjson", "json")) {
    @Override
    TextTable table(Path file) throws IOException {
      return JsonTexts.read(file);
    }
  };

  private final List<String> extensions;

  TextFile(List<String> extensions) {
    this.extensions = extensions;
  }

  /// The kind of this file; empty where it is none that holds texts.
  static Optional<TextFile> of(Path file) {
    String extension = FolderListing.extension(file).toLowerCase(Locale.ROOT);
    return List.of(values()).stream()
        .filter(kind -> kind.extensions.contains(extension))
        .findFirst();
  }

  abstract TextTable table(Path file) throws IOException;

  /// All rows of the file. Throws UnusableInputException where it cannot be read, or has none.
  TextTable read(Path file) {
    TextTable table;
    try {
      table = table(file);
    } catch (IOException | UncheckedIOException e) {
      throw new UnusableInputException(
          file + " cannot be read (" + e + "): it must be a readable text file in UTF-8", e);
    }
    if (table.rows().isEmpty()) {
      throw new UnusableInputException(
          file + " holds no text: give a file with a text a line, or a table of texts");
    }
    return table;
  }

  private static TextTable lines(Path file) throws IOException {
    RowCollector collector = new RowCollector();
    boolean isWhole = true;
    try (BufferedReader reader = Utf8.reader(file)) {
      long number = 1;
      for (String line = reader.readLine(); line != null && isWhole; line = reader.readLine()) {
        isWhole = line.isBlank() || collector.add(new Row(number, List.of(line)));
        number++;
      }
    }
    return new TextTable(file, List.of("text"), collector.rows(), isWhole);
  }
}
