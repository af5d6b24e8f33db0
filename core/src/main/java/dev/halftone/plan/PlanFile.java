package dev.halftone.plan;

import dev.halftone.UnusableInputException;
import dev.halftone.device.Device;
import dev.halftone.format.StrictJson;
import dev.halftone.graph.Graph;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// A plan on disk, as JSON: to look at, to compare two, or to load again beside the graph it was made for.
public final class PlanFile {

  private static final int SCHEMA_VERSION = 4;

  private static final JsonMapper JSON =
      StrictJson.strict(JsonMapper.builder())
          .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build();

  /// @param schemaVersion of this file's form
  record Content(int schemaVersion, SavedPlan plan) {}

  private PlanFile() {}

  /// The content of the file.
  public static byte[] bytes(Plan plan) {
    byte[] json = JSON.writeValueAsBytes(new Content(SCHEMA_VERSION, SavedPlan.of(plan)));
    byte[] line = Arrays.copyOf(json, json.length + 1);
    line[json.length] = '\n';
    return line;
  }

  /// Throws UnusableInputException where the file is absent, is no plan of this version, or is the plan for another graph.
  ///
  /// @param graph the prepared graph that the plan was made for
  /// @param device that the plan was made for
  public static Plan read(Path file, Graph graph, Device device) {
    if (!Files.isReadable(file)) {
      throw new UnusableInputException(
          "cannot read plan "
              + file
              + ": make it with `halftone quantize MODEL --plan "
              + file
              + "`");
    }
    try {
      Content content =
          Optional.ofNullable(JSON.readValue(file, Content.class))
              .orElseThrow(() -> new IllegalArgumentException("it holds null"));
      if (content.schemaVersion() != SCHEMA_VERSION) {
        throw new UnusableInputException(
            "%s has schema version %d where this build reads %d: make it again with `halftone quantize MODEL --plan`"
                .formatted(file, content.schemaVersion(), SCHEMA_VERSION));
      }
      return content.plan().of(graph, device, file.toString());
    } catch (JacksonException e) {
      throw none(file, StrictJson.fault(e), e);
    } catch (IllegalArgumentException e) {
      throw none(file, String.valueOf(e.getMessage()), e);
    }
  }

  private static UnusableInputException none(Path file, String why, Throwable cause) {
    return new UnusableInputException(
        file + " is no plan (" + why + "): make one with `halftone quantize MODEL --plan`", cause);
  }
}
