package dev.halftone.report;

import dev.halftone.judge.Verdict;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Brings verdicts of older builds to the form of this one.
///
/// In schema 1 a comparison had the figures of its first output in fields of its own, and of the others a name and an SQNR.
public final class VerdictSchema {

  private static final List<String> OF_FIRST =
      List.of("kind", "classes", "top1", "top5", "agreement");

  private VerdictSchema() {}

  /// Changes a verdict of schema 1 in place; leaves every other node as it is.
  public static void upgrade(JsonNode verdict) {
    boolean isFirst = verdict.path("schemaVersion").asInt(0) == 1;
    if (isFirst
        && verdict instanceof ObjectNode whole
        && verdict.path("comparison") instanceof ObjectNode comparison
        && comparison.path("outputs") instanceof ArrayNode outputs) {
      for (int i = 0; i < outputs.size(); i++) {
        if (outputs.get(i) instanceof ObjectNode output) {
          upgrade(comparison, output, i == 0);
        }
      }
      JsonNode scores = comparison.path("task").path("scores");
      if (scores.isArray()) {
        comparison.set("scores", scores);
      } else {
        comparison.putArray("scores");
      }
      whole.put("schemaVersion", Verdict.SCHEMA_VERSION);
    }
  }

  private static void upgrade(ObjectNode comparison, ObjectNode output, boolean isFirst) {
    output.put("because", "").put("isJudged", isFirst).put("kind", "VALUES").put("classes", 0);
    if (isFirst) {
      OF_FIRST.stream()
          .filter(comparison::has)
          .forEach(field -> output.set(field, comparison.get(field)));
      output.set("text", comparison.path("task").path("text"));
      output.set("directions", comparison.path("task").path("directions"));
    }
  }
}
