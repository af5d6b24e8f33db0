package dev.halftone.data.label;

import dev.halftone.UnusableInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

/// Lists the files of a folder with what is known of their labels.
public final class FolderReader {

  private static final String LABELS = "labels.csv";

  private FolderReader() {}

  /// Lists the files that the table of labels (else `labels.csv` in the folder) names; without either the files with one of these extensions, else
  /// those of the subfolders, each subfolder a class (see [ClassFolders]).
  ///
  /// @param what the kind of file wanted, in an error, as in `pictures (.jpg, .png)`
  public static FolderListing of(
      Path folder, Labelling labelling, Set<String> extensions, String what) {
    if (!Files.isDirectory(folder)) {
      throw new UnusableInputException(
          "there is no folder " + folder + ": give the path of a folder with " + what);
    }
    Optional<Path> csv =
        labelling
            .table()
            .or(() -> Optional.of(folder.resolve(LABELS)).filter(Files::exists))
            .filter(_ -> labelling.isRead());
    if (csv.isPresent()) {
      return LabelsCsv.read(csv.get(), folder, labelling);
    }
    List<Path> flat = files(folder, extensions);
    if (!flat.isEmpty()) {
      return new FolderListing(
          folder,
          flat.stream().map(file -> entry(folder, file, OptionalInt.empty())).toList(),
          List.of(),
          List.of());
    }
    FolderListing listing = ofSubfolders(folder, labelling, extensions);
    if (listing.entries().isEmpty()) {
      throw new UnusableInputException(
          "no "
              + what
              + " in folder "
              + folder
              + ": give a folder that has some, or subfolders of them named by class");
    }
    return listing;
  }

  private static FolderListing ofSubfolders(
      Path folder, Labelling labelling, Set<String> extensions) {
    List<Path> all =
        list(folder).stream()
            .filter(Files::isDirectory)
            .filter(path -> !FolderListing.name(path).startsWith("."))
            .toList();
    Map<Path, List<Path>> filled = new LinkedHashMap<>();
    for (Path path : all) {
      List<Path> files = files(path, extensions);
      if (!files.isEmpty()) {
        filled.put(path, files);
      }
    }
    for (Path path : filled.keySet()) {
      if (Files.exists(path.resolve(LABELS)) && labelling.isRead()) {
        throw new UnusableInputException(
            "folder " + folder + " holds several sets of samples: give one of them, as in " + path);
      }
    }
    ClassFolders classes =
        ClassFolders.of(
            folder,
            all.stream().map(FolderListing::name).toList(),
            filled.keySet().stream().map(FolderListing::name).toList(),
            labelling);
    List<FolderListing.Entry> entries = new ArrayList<>();
    filled.forEach((path, files) -> {
      OptionalInt label = classes.label(FolderListing.name(path));
      files.forEach(file -> entries.add(entry(folder, file, label)));
    });
    return new FolderListing(folder, entries, classes.notes(), classes.names());
  }

  private static FolderListing.Entry entry(Path folder, Path file, OptionalInt label) {
    return new FolderListing.Entry(
        folder.relativize(file).toString().replace('\\', '/'), file, label, Optional.empty());
  }

  private static List<Path> files(Path folder, Set<String> extensions) {
    return list(folder).stream()
        .filter(path ->
            extensions.contains(FolderListing.extension(path))
                && !FolderListing.name(path).startsWith("."))
        .filter(Files::isRegularFile)
        .toList();
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
