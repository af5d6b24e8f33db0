package dev.halftone.text;

import dev.halftone.data.label.Labelling;
import java.nio.file.Path;
import java.util.Optional;

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
}
