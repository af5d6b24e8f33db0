package dev.halftone.report;

import dev.halftone.UnusableInputException;
import dev.halftone.format.JsonOrder;
import dev.halftone.judge.Verdict;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// A verdict as JSON. Beside what was measured it states what follows from it (intervals, p-values, decibels, the judgement);
/// reading passes over these and computes them again.
public final class VerdictJson {

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .addModule(JsonOrder.module())
          .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build();

  private VerdictJson() {}

  public static String write(Verdict verdict) {
    return MAPPER.writeValueAsString(verdict) + "\n";
  }

  /// Throws UnusableInputException where `json` is no verdict, or one of a newer schema than this build reads.
  ///
  /// @param origin where the text is from, for the message
  public static Verdict read(String json, String origin) {
    Optional<Verdict> read;
    try {
      JsonNode tree = MAPPER.readTree(json);
      VerdictSchema.upgrade(tree);
      read = Optional.ofNullable(MAPPER.treeToValue(tree, Verdict.class));
    } catch (JacksonException e) {
      throw new UnusableInputException(
          "%s is no verdict that halftone wrote (%s): give one that is."
              .formatted(origin, e.getOriginalMessage()),
          e);
    }
    Verdict verdict =
        read.orElseThrow(() ->
            new UnusableInputException(origin + " is empty: give a verdict that halftone wrote."));
    if (verdict.schemaVersion() > Verdict.SCHEMA_VERSION) {
      throw new UnusableInputException(
          "%s has schema version %d and this build reads up to %d: use a newer halftone."
              .formatted(origin, verdict.schemaVersion(), Verdict.SCHEMA_VERSION));
    }
    return verdict;
  }
}
