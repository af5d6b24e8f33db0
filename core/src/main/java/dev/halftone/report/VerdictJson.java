package dev.halftone.report;

import dev.halftone.UnusableInputException;
import dev.halftone.format.JsonOrder;
import dev.halftone.judge.Verdict;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// A verdict as JSON. Beside what was measured it states what follows from it (intervals, p-values, decibels, the judgement);
/// reading passes over these and computes them again.
public final class VerdictJson {

  private VerdictJson() {}

  public static String write(Verdict verdict) {
    return JsonOrder.MAPPER.writeValueAsString(verdict) + "\n";
  }

  /// Throws UnusableInputException where `json` is no verdict, or one of a newer schema than this build reads.
  ///
  /// @param origin where the text is from, for the message
  public static Verdict read(String json, String origin) {
    Optional<Verdict> read;
    try {
      JsonNode tree = JsonOrder.MAPPER.readTree(json);
      VerdictSchema.upgrade(tree);
      read = Optional.ofNullable(JsonOrder.MAPPER.treeToValue(tree, Verdict.class));
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
