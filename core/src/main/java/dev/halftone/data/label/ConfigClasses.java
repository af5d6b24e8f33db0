package dev.halftone.data.label;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Names of classes in the `config.json` with which models of transformers are published: its table `id2label`.
final class ConfigClasses {

  /// A larger file is another one.
  private static final long MOST_BYTES = 4 << 20;

  private ConfigClasses() {}

  /// The classes with the names that a `config.json` gives: beside the model, or in the folder above where the model's is named `onnx`.
  /// Empty where none gives as many as the model has classes, or only numbers (`LABEL_0`).
  static Optional<ClassList> beside(Path model, ClassList classes) {
    return Stream.ofNullable(model.toAbsolutePath().getParent())
        .flatMap(folder ->
            String.valueOf(folder.getFileName()).equals("onnx")
                ? Stream.of(folder, folder.resolveSibling("."))
                : Stream.of(folder))
        .map(folder -> folder.resolve("config.json").normalize())
        .map(file -> classes.named(names(file), file.toString()))
        .filter(named -> named.names().size() > 1 && named.names().size() == classes.count())
        .findFirst();
  }

  private static List<String> names(Path file) {
    JsonNode table = read(file).path("id2label");
    List<String> names =
        IntStream.range(0, table.size())
            .mapToObj(i -> table.path(String.valueOf(i)).asString(""))
            .toList();
    boolean areNumbers = names.stream().allMatch(name -> name.matches("LABEL_[0-9]+"));
    return areNumbers || names.contains("") ? List.of() : names;
  }

  private static JsonNode read(Path file) {
    try {
      return Files.isRegularFile(file) && Files.size(file) <= MOST_BYTES
          ? JsonMapper.shared().readTree(Files.readAllBytes(file))
          : JsonMapper.shared().createObjectNode();
    } catch (IOException | JacksonException _) {
      return JsonMapper.shared()
          .createObjectNode(); // a file that is not ours, and need not be understood
    }
  }
}
