package dev.halftone.report;

import dev.halftone.UnusableInputException;
import dev.halftone.format.JsonOrder;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// A run as JSON. The verdict in it is of the form that [dev.halftone.report.VerdictJson] writes.
public final class JsonReport {

  private JsonReport() {}

  public static String render(RunSummary summary) {
    return JsonOrder.MAPPER.writeValueAsString(summary) + "\n";
  }

  /// Throws UnusableInputException where `json` is no report.
  ///
  /// @param origin where the text is from, for the message
  public static RunSummary read(String json, String origin) {
    try {
      JsonNode tree = JsonOrder.MAPPER.readTree(json);
      VerdictSchema.upgrade(tree.path("verdict"));
      return Optional.ofNullable(JsonOrder.MAPPER.treeToValue(tree, RunSummary.class))
          .orElseThrow(() ->
              new UnusableInputException(origin + " is empty: give a report that halftone wrote."));
    } catch (JacksonException e) {
      throw new UnusableInputException(
          "%s is no report that halftone wrote (%s): give one that is."
              .formatted(origin, e.getOriginalMessage()),
          e);
    }
  }
}
