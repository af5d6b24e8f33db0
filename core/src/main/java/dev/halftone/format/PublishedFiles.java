package dev.halftone.format;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The JSON files beside a model, as models of transformers are published. They are not ours, and need not be understood.
public final class PublishedFiles {

  /// A larger file is another one.
  private static final long MOST_BYTES = 4 << 20;

  private PublishedFiles() {}

  /// The folder of the model, and the one above where the model's is named `onnx`.
  public static List<Path> folders(Path model) {
    return Stream.ofNullable(model.toAbsolutePath().getParent())
        .flatMap(folder ->
            String.valueOf(folder.getFileName()).equals("onnx")
                ? Stream.of(folder, folder.resolveSibling("."))
                : Stream.of(folder))
        .toList();
  }

  /// What a file says; empty where it is not there, too large, or no JSON.
  public static Optional<JsonNode> read(Path file) {
    try {
      return Files.isRegularFile(file) && Files.size(file) <= MOST_BYTES
          ? Optional.of(JsonMapper.shared().readTree(Files.readAllBytes(file)))
          : Optional.empty();
    } catch (IOException | JacksonException _) {
      return Optional.empty();
    }
  }
}
