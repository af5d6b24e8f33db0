package dev.halftone.text;

import dev.halftone.UnusableInputException;
import dev.halftone.data.label.FolderListing;
import dev.halftone.data.label.Labelling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// A file of texts, and what is needed to read it for a model.
///
/// @param data the file
/// @param tokenizer a `tokenizer.json`, or a folder with one; empty to look for it beside model and data
/// @param model the file of the model
public record TextSource(Path data, Optional<Path> tokenizer, Path model, Labelling labelling) {

  /// True of a file whose name says that it holds texts: `.txt`, `.csv`, `.tsv`, `.jsonl`, `.json`.
  public static boolean isText(Path file) {
    return TextFile.of(file).isPresent();
  }

  /// A file of texts in this folder, by name the first, where no arrays lie there.
  ///
  /// Throws UnusableInputException where the folder cannot be read.
  public static Optional<Path> firstIn(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> all = files.sorted().toList();
      return all.stream().anyMatch(TextSource::isArray)
          ? Optional.empty()
          : all.stream()
              .filter(file -> isText(file) && !FolderListing.extension(file).equals("json"))
              .findFirst();
    } catch (IOException e) {
      throw new UnusableInputException(
          "the folder %s cannot be read (%s): give one that can".formatted(folder, e.getMessage()),
          e);
    }
  }

  private static boolean isArray(Path file) {
    return List.of("npy", "npz").contains(FolderListing.extension(file));
  }
}
