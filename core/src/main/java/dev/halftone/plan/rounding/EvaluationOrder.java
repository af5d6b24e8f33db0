package dev.halftone.plan.rounding;

import dev.halftone.graph.Graph;
import dev.halftone.graph.Node;
import dev.halftone.plan.Placement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// In which order a network is run piece by piece.
///
/// @param targets in graph order: each tensor that shares no other's scale, and what each layer makes
/// @param lastUse for each tensor that is kept the position of the last target that is computed from it
record EvaluationOrder(List<String> targets, Map<String, Integer> lastUse) {

  static EvaluationOrder of(Graph graph, Placement placement) {
    Set<String> roots = placement.steps();
    List<String> targets = new ArrayList<>();
    for (Node node : graph.nodes()) {
      for (String output : node.outputs()) {
        if (roots.contains(output) || placement.layerMaking(output).isPresent()) {
          targets.add(output);
        }
      }
    }
    Map<String, Integer> last = new HashMap<>();
    for (int i = 0; i < targets.size(); i++) {
      last.put(targets.get(i), i);
      for (String feed : Segment.between(graph, roots, targets.get(i)).feeds()) {
        last.put(feed, i);
      }
    }
    return new EvaluationOrder(List.copyOf(targets), Map.copyOf(last));
  }

  /// Gives back what no target after the one at this position reads.
  void forget(int position, Prefix... prefixes) {
    lastUse.forEach((tensor, last) -> {
      if (last == position) {
        for (Prefix prefix : prefixes) {
          prefix.forget(tensor);
        }
      }
    });
  }
}
