package dev.halftone.session;

import dev.halftone.data.label.ClassList;
import dev.halftone.onnxruntime.OrtRuntime;
import dev.halftone.recipe.Recipe;
import dev.halftone.recipe.Rule;
import dev.halftone.wording.Figures;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Lines of a report that say how a model was made, in reading order.
final class Facts {

  /// More than these are not told one by one.
  private static final int FEW = 8;

  private Facts() {}

  static Map<String, String> of(Recipe recipe, UsedSamples samples, OrtRuntime runtime) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("recipe", recipe.name());
    facts.put("observer", recipe.rules().observer().text());
    facts.put("rounding", recipe.rounding().text());
    facts.put(
        "bias correction",
        recipe.biasCorrection()
            ? "after the activation, on up to " + Figures.count(recipe.samples(), "sample")
            : "none");
    List<Rule> others = recipe.rules().named().stream().filter(rule -> !rule.keepsFloat()).toList();
    if (!others.isEmpty()) {
      facts.put(
          "other bits",
          others.size() > FEW
              ? others.size() + " nodes have bits of their own"
              : String.join("; ", others.stream().map(Rule::text).toList()));
    }
    List<Rule> kept = recipe.rules().kept();
    if (!kept.isEmpty()) {
      facts.put(
          "kept float on request",
          String.join(", ", kept.stream().flatMap(rule -> rule.nodes().stream()).toList()));
    }
    facts.put("calibrated on", samples.calibrating().words());
    samples.measured().preprocessing().ifPresent(text -> facts.put("preprocessing", text));
    facts.putAll(of(samples.measured().classes()));
    facts.putAll(made(runtime));
    return facts;
  }

  /// The names of classes and where they are from; nothing where there are none.
  static Map<String, String> of(ClassList classes) {
    return classes.names().isEmpty()
        ? Map.of()
        : Map.of("classes", "%s (%s)".formatted(classes.text(), classes.origin()));
  }

  /// When, on what, and with which versions.
  static Map<String, String> made(OrtRuntime runtime) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put(
        "date",
        OffsetDateTime.now(ZoneOffset.UTC)
            .truncatedTo(ChronoUnit.SECONDS)
            .format(DateTimeFormatter.ISO_OFFSET_DATE_TIME));
    facts.put("processor", Processor.text());
    facts.put("versions", versions(runtime));
    return facts;
  }

  private static String versions(OrtRuntime runtime) {
    return "halftone "
        + BuildVersion.text()
        + ", "
        + runtime.name()
        + ", Java "
        + Runtime.version();
  }
}
