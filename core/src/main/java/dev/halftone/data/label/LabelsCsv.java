package dev.halftone.data.label;

import dev.halftone.UnusableInputException;
import dev.halftone.data.label.DelimitedText.Row;
import dev.halftone.data.label.FolderListing.Entry;
import dev.halftone.wording.Counted;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/// A table of files and their labels (see [DelimitedText]): a column of files and, where they are known, one of classes, by number or name, or
/// one of texts, what stands in a picture of text; other columns are ignored. Without a header line it is files and classes.
final class LabelsCsv {

  private static final List<String> FILES =
      List.of("file", "filename", "file_name", "path", "filepath", "image", "image_path", "img");
  private static final List<String> LABELS =
      List.of("label", "class_id", "label_id", "class", "category", "category_id", "target");
  private static final List<String> NAMES =
      List.of("name", "class_name", "label_name", "category_name", "class", "category", "label");
  private static final List<String> TEXTS = List.of("text", "transcription");

  private final DelimitedText table;
  private final Path folder;
  private final Labelling labelling;
  private final boolean hasHeader;
  private final int file;
  private final int label;
  private final int text;

  private LabelsCsv(DelimitedText read, Path folder, Labelling labelling) {
    this.folder = folder;
    this.labelling = labelling;
    this.hasHeader = read.column(FILES).isPresent() || !isFileAndClass(read.first());
    this.table = hasHeader ? read : read.headed(List.of("file", "label"));
    this.file = table.column(FILES).orElse(-1);
    this.text = table.column(TEXTS).orElse(-1);
    this.label = labels();
  }

  /// @param folder what the files are relative to
  static FolderListing read(Path csv, Path folder, Labelling labelling) {
    return new LabelsCsv(DelimitedText.read(csv), folder, labelling).listing();
  }

  /// True of a line that names a file that is there, and then a class; nothing in it may be another one.
  private boolean isFileAndClass(Row line) {
    return line.fields().size() > 1
        && isFile(line.value(0))
        && isClass(line.value(1))
        && IntStream.range(2, line.fields().size())
            .mapToObj(line::value)
            .noneMatch(value -> isClass(value) || isFile(value));
  }

  private boolean isFile(String name) {
    try {
      return !name.isEmpty() && Files.isRegularFile(folder.resolve(name));
    } catch (InvalidPathException _) {
      return false;
    }
  }

  private boolean isClass(String value) {
    return ClassList.isNumber(value) || labelling.classes().indexOf(value).isPresent();
  }

  private FolderListing listing() {
    if (file < 0) {
      throw new UnusableInputException(
          table.file()
              + " has no column 'file': its first line must name the columns, as in file,label (or filename, path, image; class, category), or be a file that is there and a class, as in 0001.jpg,42; or leave the table out with --no-labels");
    }
    int needed = Math.max(file, Math.max(label, text));
    Map<Path, Row> seen = new LinkedHashMap<>();
    List<Entry> entries = new ArrayList<>();
    List<String> absent = new ArrayList<>();
    List<String> repeated = new ArrayList<>();
    for (Row row : table.rows()) {
      if (row.fields().size() <= needed) {
        throw new UnusableInputException(
            table.where(row)
                + " has "
                + Counted.of(row.fields().size(), "field")
                + (hasHeader ? ", fewer than the header" : ", and no label")
                + ": complete or remove it");
      }
      String name = row.value(file);
      Path path = path(name, row);
      Row before = seen.putIfAbsent(path, row);
      if (before != null) {
        requireSame(before, row, name);
        repeated.add(name);
      } else if (Files.isRegularFile(path)) {
        entries.add(new Entry(name, path, number(row), words(row)));
      } else if (Files.exists(path)) {
        throw new UnusableInputException(
            "%s names %s, which is %s: correct or remove the line"
                .formatted(
                    table.where(row),
                    path,
                    Files.isDirectory(path) ? "a folder" : "not an ordinary file"));
      } else {
        absent.add(name);
      }
    }
    requireSome(entries, absent);
    List<String> notes = new ArrayList<>();
    if (!hasHeader) {
      notes.add(
          table.file()
              + " names no columns: the first was taken for files, the second for labels.");
    }
    note(
        notes,
        repeated,
        "stand twice in it with the same label, and count once",
        "stands twice in it with the same label, and counts once");
    note(
        notes,
        absent,
        "of it do not exist, and were left out",
        "of it does not exist, and was left out");
    note(
        notes,
        UnlistedFiles.of(entries),
        "beside those listed are not in it, and were left out",
        "beside those listed is not in it, and was left out");
    return new FolderListing(folder, entries, notes, classNames());
  }

  private void note(List<String> notes, List<String> files, String many, String one) {
    if (!files.isEmpty()) {
      String shown = String.join(", ", files.subList(0, Math.min(3, files.size())));
      notes.add(
          table.file()
              + ": "
              + Counted.of(files.size(), "file")
              + " "
              + (files.size() == 1 ? one : many)
              + " ("
              + shown
              + (files.size() > 3 ? ", ...)." : ")."));
    }
  }

  private void requireSome(List<Entry> entries, List<String> absent) {
    if (entries.isEmpty() && !absent.isEmpty()) {
      Row first =
          table.rows().stream()
              .filter(row -> row.value(file).equals(absent.getFirst()))
              .findFirst()
              .orElseThrow();
      throw new UnusableInputException(
          table.where(first)
              + " names "
              + folder.resolve(absent.getFirst())
              + ", which does not exist"
              + (absent.size() > 1 ? ", nor does any other file of it" : "")
              + ": correct or remove the line");
    }
    if (entries.isEmpty()) {
      throw new UnusableInputException(
          table.file() + " lists no files: add one a line, as in 0001.jpg,42");
    }
  }

  private Path path(String name, Row row) {
    if (name.isEmpty()) {
      throw new UnusableInputException(
          table.where(row) + " names no file: correct or remove the line");
    }
    try {
      return folder.resolve(name).normalize();
    } catch (InvalidPathException e) {
      throw new UnusableInputException(
          table.where(row) + " has no file name but '" + name + "': correct it", e);
    }
  }

  private void requireSame(Row before, Row row, String name) {
    boolean isSame =
        (label < 0 || before.value(label).equals(row.value(label)))
            && (text < 0 || before.field(text).equals(row.field(text)));
    if (!isSame && labelling.isNeeded()) {
      int column = label < 0 ? text : label;
      throw new UnusableInputException(
          "%s says '%s' of %s, and line %d said '%s': correct one of them"
              .formatted(
                  table.where(row), row.field(column), name, before.line(), before.field(column)));
    }
  }

  private Optional<String> words(Row row) {
    return text < 0 ? Optional.empty() : Optional.of(row.field(text));
  }

  /// The first column of labels that holds numbers only, else the first one.
  private int labels() {
    int[] columns =
        LABELS.stream().mapToInt(table.header()::indexOf).filter(column -> column >= 0).toArray();
    for (int column : columns) {
      if (table.rows().stream().allMatch(row -> isNumber(row, column))) {
        return column;
      }
    }
    return columns.length == 0 ? -1 : columns[0];
  }

  private static boolean isNumber(Row row, int column) {
    String value = row.value(column);
    return value.isEmpty() || ClassList.isNumber(value);
  }

  private OptionalInt number(Row row) {
    String value = label < 0 ? "" : row.value(label);
    return new LabelValue(labelling).of(value, table.where(row));
  }

  /// The names that a column beside the numbers gives; none where it contradicts itself.
  private List<String> classNames() {
    int column =
        table
            .column(
                NAMES.stream()
                    .filter(name -> label < 0 || !name.equals(table.header().get(label)))
                    .toList())
            .orElse(-1);
    if (label < 0 || column < 0) {
      return List.of();
    }
    List<String> names = new ArrayList<>();
    for (Row row : table.rows()) {
      String value = row.value(label);
      String name = row.value(column);
      if (!value.matches("[0-9]{1,5}") || name.isEmpty()) {
        continue;
      }
      int index = Integer.parseInt(value);
      while (names.size() <= index) {
        names.add("");
      }
      String before = names.set(index, name);
      if (!before.isEmpty() && !before.equals(name)) {
        return List.of();
      }
    }
    return names;
  }
}
