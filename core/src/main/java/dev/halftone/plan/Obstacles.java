package dev.halftone.plan;

import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.graph.shape.Inspection;
import dev.halftone.wording.Figures;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Says why nothing of a model runs in integers: what holds its weights, and why that stays float.
public final class Obstacles {

  private static final int SHOWN = 3;

  /// A smaller share of the weights is not worth a word.
  private static final double LEAST = 0.01;

  private Obstacles() {}

  /// As in `of its 2.33 MB of weights, 2.33 MB are in If (which of its branches runs ...)`, for the middle of a sentence.
  ///
  /// @param prepared the model that was placed
  public static String words(Model prepared, Placement placement) {
    Map<String, Long> bytes = new LinkedHashMap<>();
    List<Inspection.Row> rows = Inspection.of(prepared, Map.of()).nodes();
    long all = 0;
    for (int i = 0; i < rows.size(); i++) {
      Node node = prepared.graph().nodes().get(i);
      long own = rows.get(i).parameterBytes();
      all += own;
      if (own > 0) {
        bytes.merge(rows.get(i).operation() + " (" + reason(node, placement) + ")", own, Long::sum);
      }
    }
    long total = all;
    if (all == 0) {
      return "it has no weights";
    }
    List<String> shown = new ArrayList<>();
    bytes.entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder()))
        .limit(SHOWN)
        .filter(entry -> entry.getValue() >= total * LEAST)
        .forEach(entry -> shown.add(Figures.bytes(entry.getValue()) + " in " + entry.getKey()));
    return "of its %s of weights, %s".formatted(Figures.bytes(all), Figures.list(shown));
  }

  private static String reason(Node node, Placement placement) {
    return Optional.ofNullable(placement.keptFloat().get(node))
        .orElse("which reads or makes something else than 32-bit floats");
  }
}
