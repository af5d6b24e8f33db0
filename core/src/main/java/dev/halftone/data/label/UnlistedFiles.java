package dev.halftone.data.label;

import dev.halftone.data.label.FolderListing.Entry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// Finds the files that lie beside listed ones, are of the same kind, and are not listed themselves.
final class UnlistedFiles {

  private UnlistedFiles() {}

  /// Their names, sorted.
  static List<String> of(List<Entry> entries) {
    Set<Path> listed = new HashSet<>();
    Set<Path> folders = new TreeSet<>();
    Set<String> extensions = new HashSet<>();
    for (Entry entry : entries) {
      listed.add(entry.file());
      extensions.add(FolderListing.extension(entry.file()));
      Path parent = entry.file().getParent();
      if (parent != null) {
        folders.add(parent);
      }
    }
    List<String> unlisted = new ArrayList<>();
    for (Path folder : folders) {
      try (Stream<Path> files = Files.list(folder)) {
        files
            .filter(file -> extensions.contains(FolderListing.extension(file)))
            .filter(file -> !listed.contains(file.normalize()) && Files.isRegularFile(file))
            .map(file -> String.valueOf(file.getFileName()))
            .sorted()
            .forEach(unlisted::add);
      } catch (IOException | UncheckedIOException _) {
        continue; // a folder whose files can be read, but not be listed
      }
    }
    return unlisted;
  }
}
