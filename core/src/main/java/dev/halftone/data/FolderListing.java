package dev.halftone.data;

import dev.halftone.UnusableInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

/// The files of a folder, one a sample, and what is known of their labels.
///
/// @param entries in the order of `labels.csv`, else sorted by name
record FolderListing(Path folder, List<Entry> entries) {

  /// @param id path below the folder, with slashes
  /// @param text what a reader would read in it, where that is known
  record Entry(String id, Path file, OptionalInt label, Optional<String> text) {}

  static final String LABELS = "labels.csv";

  FolderListing {
    entries = List.copyOf(entries);
  }

  /// Lists the files that `labels` (else `labels.csv` in the folder) names; without either the files with one of these extensions, else those of the subfolders,
  /// each subfolder a class: a number is the label itself, other names are numbered in sorted order.
  ///
  /// @param what the kind of file wanted, in an error, as in `pictures (.jpg, .png)`
  static FolderListing of(Path folder, Optional<Path> labels, Set<String> extensions, String what) {
    if (!Files.isDirectory(folder)) {
      throw new UnusableInputException(
          "there is no folder " + folder + ": give the path of a folder with " + what);
    }
    Optional<Path> csv = labels.or(() -> Optional.of(folder.resolve(LABELS)).filter(Files::exists));
    if (csv.isPresent()) {
      return new FolderListing(folder, LabelsCsv.read(csv.get(), folder));
    }
    List<Path> flat = files(folder, extensions);
    List<Entry> entries =
        flat.isEmpty()
            ? ofClasses(folder, extensions)
            : flat.stream().map(file -> entry(folder, file, OptionalInt.empty())).toList();
    if (entries.isEmpty()) {
      throw new UnusableInputException(
          "no "
              + what
              + " in folder "
              + folder
              + ": give a folder that has some, or subfolders of them named by class");
    }
    return new FolderListing(folder, entries);
  }

  private static List<Entry> ofClasses(Path folder, Set<String> extensions) {
    List<Path> classes =
        list(folder).stream()
            .filter(Files::isDirectory)
            .filter(path -> !name(path).startsWith("."))
            .toList();
    List<Path> filled =
        classes.stream().filter(path -> !files(path, extensions).isEmpty()).toList();
    for (Path path : filled) {
      if (Files.exists(path.resolve(LABELS))) {
        throw new UnusableInputException(
            "folder " + folder + " holds several sets of samples: give one of them, as in " + path);
      }
    }
    boolean numbers = filled.stream().allMatch(path -> name(path).matches("[0-9]{1,9}"));
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < filled.size(); i++) {
      OptionalInt label =
          OptionalInt.of(
              numbers ? Integer.parseInt(name(filled.get(i))) : classes.indexOf(filled.get(i)));
      for (Path file : files(filled.get(i), extensions)) {
        entries.add(entry(folder, file, label));
      }
    }
    return entries;
  }

  private static Entry entry(Path folder, Path file, OptionalInt label) {
    return new Entry(
        folder.relativize(file).toString().replace('\\', '/'), file, label, Optional.empty());
  }

  private static List<Path> files(Path folder, Set<String> extensions) {
    return list(folder).stream()
        .filter(path -> extensions.contains(extension(path)) && !name(path).startsWith("."))
        .filter(Files::isRegularFile)
        .toList();
  }

  /// Lower case, without the dot; empty where there is none.
  static String extension(Path path) {
    String name = name(path);
    return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
  }

  private static String name(Path path) {
    Path name = path.getFileName();
    return name == null ? "" : name.toString();
  }

  private static List<Path> list(Path folder) {
    try (Stream<Path> paths = Files.list(folder)) {
      return paths.sorted(Comparator.comparing(FolderListing::name)).toList();
    } catch (IOException e) {
      throw new UnusableInputException(
          "folder " + folder + " cannot be listed (" + e + "): check its permissions", e);
    }
  }
}
