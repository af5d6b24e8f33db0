package dev.halftone.text;

import dev.halftone.UnusableInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The `tokenizer.json` of a model, and how it was found.
///
/// @param how as in `beside the model`
record TokenizerFile(Path path, String how) {

  private static final String NAME = "tokenizer.json";

  /// The one that was given, else one beside the model or in the folder above it, else one beside the data.
  ///
  /// Throws UnusableInputException where there is none.
  static TokenizerFile find(Optional<Path> given, Path model, Path data) {
    if (given.isPresent()) {
      Path path = given.get();
      Path file = Files.isDirectory(path) ? path.resolve(NAME) : path;
      if (!Files.isRegularFile(file)) {
        throw new UnusableInputException(
            "there is no tokenizer " + file + ": give the path of the model's tokenizer.json");
      }
      return new TokenizerFile(file, "as given");
    }
    return Stream.concat(
            besides(model).stream().map(file -> new TokenizerFile(file, "beside the model")),
            Stream.of(new TokenizerFile(sibling(data, NAME), "beside the data")))
        .filter(found -> Files.isRegularFile(found.path))
        .findFirst()
        .orElseThrow(() ->
            new UnusableInputException(
                "%s holds texts, and there is no tokenizer to read them with: give the model's tokenizer.json with --tokenizer FILE, or put it beside %s"
                    .formatted(data, model)));
  }

  private static List<Path> besides(Path model) {
    String name = String.valueOf(model.getFileName());
    int dot = name.lastIndexOf('.');
    String stem = dot < 0 ? name : name.substring(0, dot);
    return List.of(
        sibling(model, stem + "-" + NAME),
        sibling(model, NAME),
        sibling(model, "..").resolve(NAME).normalize());
  }

  private static Path sibling(Path file, String name) {
    return file.toAbsolutePath().resolveSibling(name);
  }
}
