package dev.halftone.data.label;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/// The files of a folder, one a sample, and what is known of their labels.
///
/// @param entries in the order of `labels.csv`, else sorted by name
/// @param notes sentences about labels that a reader must know
/// @param classNames by class number, as far as the labels give them; an empty name is not known
public record FolderListing(
    Path folder, List<Entry> entries, List<String> notes, List<String> classNames) {

  /// @param id path below the folder, with slashes
  /// @param text what a reader would read in it, where that is known
  public record Entry(String id, Path file, OptionalInt label, Optional<String> text) {}

  public FolderListing {
    entries = List.copyOf(entries);
    notes = List.copyOf(notes);
    classNames = List.copyOf(classNames);
  }

  /// Lower case, without the dot; empty where there is none.
  public static String extension(Path path) {
    String name = name(path);
    return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
  }

  static String name(Path path) {
    Path name = path.getFileName();
    return name == null ? "" : name.toString();
  }
}
