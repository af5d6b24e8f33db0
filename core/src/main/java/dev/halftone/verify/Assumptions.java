package dev.halftone.verify;

import dev.halftone.wording.Figures;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Says as what outputs were judged, why, and how to say otherwise.
public final class Assumptions {

  /// Names that a sentence holds.
  private static final int NAMED = 3;

  private Assumptions() {}

  /// Sentences for the first lines of a report.
  public static List<String> of(Comparison comparison) {
    Map<String, List<String>> judged = new LinkedHashMap<>();
    Map<String, List<String>> others = new LinkedHashMap<>();
    for (OutputFigures output : comparison.outputs()) {
      boolean isChosen = output.rows().isPresent();
      String because = output.because().isEmpty() ? "" : " (" + output.because() + ")";
      if (output.isJudged()) {
        String how = isChosen ? "by matched rows" : "as " + output.kind().text();
        judged.computeIfAbsent(how + because, _ -> new ArrayList<>()).add(output.name());
      } else {
        String how =
            isChosen ? "by what goes into the selection" + because : "not at all (--outputs)";
        others.computeIfAbsent(how, _ -> new ArrayList<>()).add(output.name());
      }
    }
    List<String> clauses = new ArrayList<>();
    judged.forEach((how, names) -> clauses.add(names(names) + " " + how));
    others.forEach((how, names) -> clauses.add(names(names) + " " + how));
    String many =
        comparison.outputs().size() == 1
            ? "--task NAME"
            : "--task NAME, --task OUTPUT=NAME and --outputs";
    return List.of(
        "Judged: output %s. %s say%s otherwise."
            .formatted(
                String.join("; ", clauses), many, comparison.outputs().size() == 1 ? "s" : ""));
  }

  /// As in `'a', 'b', 'c' and 4 more`.
  private static String names(List<String> names) {
    List<String> quoted = names.stream().map(name -> "'" + name + "'").toList();
    if (quoted.size() <= NAMED + 1) {
      return Figures.list(quoted);
    }
    return String.join(", ", quoted.subList(0, NAMED))
        + " and %d more".formatted(quoted.size() - NAMED);
  }
}
