package dev.halftone.meaning;

import dev.halftone.format.PublishedFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// The words of the files beside a model on its outputs, as models are published: those of sentence-transformers and of transformers.
///
/// @param pooling how one vector is made of those of tokens; empty where nothing says it
/// @param tags what says that tokens are tagged, in a clause; empty where nothing does
public record ModelFolder(Optional<PoolingChoice> pooling, Optional<String> tags) {

  private static final String POOLING = "1_Pooling";

  /// Reads what lies in the folder of the model, and in the one above where the model's is named `onnx`. What is not there or no JSON says nothing.
  public static ModelFolder beside(Path model) {
    List<Path> folders = PublishedFiles.folders(model);
    return new ModelFolder(
        folders.stream().flatMap(folder -> pooling(folder).stream()).findFirst(),
        folders.stream().flatMap(folder -> tags(folder).stream()).findFirst());
  }

  private static Optional<PoolingChoice> pooling(Path folder) {
    String part = poolingPart(folder);
    Optional<JsonNode> config = PublishedFiles.read(folder.resolve(part).resolve("config.json"));
    if (config.isPresent()) {
      String because = "%s/config.json says so".formatted(part);
      return mode(config.get()).map(way -> PoolingChoice.of(way, because));
    }
    return PublishedFiles.read(folder.resolve("config_sentence_transformers.json"))
        .filter(_ -> !Files.exists(folder.resolve("modules.json")))
        .map(_ ->
            PoolingChoice.of(
                Pooling.MEAN, "sentence-transformers does so where no file says otherwise"));
  }

  /// The folder that the list of modules names; a plain name, so that it does not lead elsewhere.
  private static String poolingPart(Path folder) {
    return PublishedFiles.read(folder.resolve("modules.json")).stream()
        .flatMap(JsonNode::valueStream)
        .filter(module -> module.path("type").asString("").endsWith("Pooling"))
        .map(module -> module.path("path").asString(""))
        .filter(path -> path.matches("[A-Za-z0-9_-]{1,64}"))
        .findFirst()
        .orElse(POOLING);
  }

  /// The one mode that is switched on; empty of those that are not measured, and of several.
  private static Optional<Pooling> mode(JsonNode config) {
    String named = config.path("pooling_mode").asString("");
    List<String> modes =
        named.isEmpty()
            ? config
                .propertyStream()
                .filter(field -> field.getKey().startsWith("pooling_mode_"))
                .filter(field -> field.getValue().asBoolean(false))
                .map(field -> field.getKey().substring("pooling_mode_".length()))
                .toList()
            : List.of(named);
    return modes.size() != 1
        ? Optional.empty()
        : switch (modes.getFirst()) {
          case "mean", "mean_tokens" -> Optional.of(Pooling.MEAN);
          case "cls", "cls_token" -> Optional.of(Pooling.CLS);
          case "lasttoken" -> Optional.of(Pooling.LAST);
          default -> Optional.empty();
        };
  }

  private static Optional<String> tags(Path folder) {
    return PublishedFiles.read(folder.resolve("config.json")).stream()
        .flatMap(config -> config.path("architectures").valueStream())
        .map(architecture -> architecture.asString(""))
        .filter(architecture -> architecture.endsWith("ForTokenClassification"))
        .findFirst()
        .map("config.json says %s"::formatted);
  }
}
