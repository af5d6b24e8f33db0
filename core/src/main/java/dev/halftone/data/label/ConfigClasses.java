package dev.halftone.data.label;

import dev.halftone.format.PublishedFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/// Names of classes in the `config.json` with which models of transformers are published: its table `id2label`.
final class ConfigClasses {

  private ConfigClasses() {}

  /// The classes with the names that a `config.json` gives: beside the model, or in the folder above where the model's is named `onnx`.
  /// Empty where none gives as many as the model has classes, or only numbers (`LABEL_0`).
  static Optional<ClassList> beside(Path model, ClassList classes) {
    return PublishedFiles.folders(model).stream()
        .map(folder -> folder.resolve("config.json").normalize())
        .flatMap(file ->
            PublishedFiles.read(file).stream()
                .map(config -> classes.named(names(config.path("id2label")), file.toString())))
        .filter(named -> named.names().size() > 1 && named.names().size() == classes.count())
        .findFirst();
  }

  private static List<String> names(JsonNode table) {
    List<String> names =
        IntStream.range(0, table.size())
            .mapToObj(i -> table.path(String.valueOf(i)).asString(""))
            .toList();
    boolean areNumbers = names.stream().allMatch(name -> name.matches("LABEL_[0-9]+"));
    return areNumbers || names.contains("") ? List.of() : names;
  }
}
