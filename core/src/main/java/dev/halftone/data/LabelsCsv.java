package dev.halftone.data;

import dev.halftone.UnusableInputException;
import dev.halftone.data.FolderListing.Entry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// A table of files and their labels: comma-separated with a header line, columns `file` and, where they are known, `label` (a class) or
/// `text` (what stands in a picture of text); other columns are ignored.
///
/// Fields may be quoted as RFC 4180 says, within one line.
final class LabelsCsv {

  private LabelsCsv() {}

  /// @param folder what the files are relative to
  static List<Entry> read(Path csv, Path folder) {
    List<String> lines = lines(csv);
    List<String> header =
        lines.isEmpty() ? List.of() : fields(lines.getFirst()).stream().map(String::strip).toList();
    int file = header.indexOf("file");
    int label = header.indexOf("label");
    int text = header.indexOf("text");
    if (file < 0) {
      throw new UnusableInputException(
          csv + " has no column 'file': its first line must name the columns, as in file,label");
    }
    List<Entry> entries = new ArrayList<>();
    for (int i = 1; i < lines.size(); i++) {
      if (lines.get(i).isBlank()) {
        continue;
      }
      String where = csv + ", line " + (i + 1);
      List<String> row = fields(lines.get(i));
      if (row.size() <= Math.max(file, Math.max(label, text))) {
        throw new UnusableInputException(
            where + " has " + row.size() + " fields, fewer than the header: complete or remove it");
      }
      String number = label < 0 ? "" : row.get(label).strip();
      Optional<String> words = text < 0 ? Optional.empty() : Optional.of(row.get(text));
      entries.add(entry(row.get(file).strip(), number, words, folder, where));
    }
    if (entries.isEmpty()) {
      throw new UnusableInputException(csv + " lists no files: add one a line, as in 0001.jpg,42");
    }
    return entries;
  }

  private static Entry entry(
      String name, String label, Optional<String> text, Path folder, String where) {
    Path file;
    try {
      file = folder.resolve(name);
    } catch (java.nio.file.InvalidPathException e) {
      throw new UnusableInputException(
          where + " has no file name but '" + name + "': correct it", e);
    }
    if (name.isEmpty() || !Files.isRegularFile(file)) {
      throw new UnusableInputException(
          where
              + " names "
              + (name.isEmpty() ? "no file" : file + ", which does not exist")
              + ": correct or remove the line");
    }
    return new Entry(name, file, number(label, where), text);
  }

  private static OptionalInt number(String text, String where) {
    if (text.isEmpty()) {
      return OptionalInt.empty();
    }
    if (!text.matches("[0-9]{1,9}")) {
      throw new UnusableInputException(
          where
              + " has label '"
              + text
              + "': a label is the index of a class, a whole number from 0 on");
    }
    return OptionalInt.of(Integer.parseInt(text));
  }

  private static List<String> lines(Path csv) {
    try {
      String text = Files.readString(csv, StandardCharsets.UTF_8);
      return (text.startsWith("\uFEFF") ? text.substring(1) : text).lines().toList();
    } catch (IOException e) {
      throw new UnusableInputException(
          csv + " cannot be read (" + e + "): it must be a readable text file in UTF-8", e);
    }
  }

  private static List<String> fields(String line) {
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
      } else if (c == ',' && !quoted) {
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
