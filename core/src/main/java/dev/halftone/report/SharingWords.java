package dev.halftone.report;

import static java.util.Objects.requireNonNull;

import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Node;
import dev.halftone.plan.LayerPlan;
import dev.halftone.plan.Plan;
import dev.halftone.plan.WeightGroup;
import dev.halftone.wording.Counted;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Says which layers share the integers of one initializer, and where it is stored a second time because some cannot.
final class SharingWords {

  private final GraphIndex index;
  private final Map<String, WeightGroup> groups;

  /// @param index of the graph that the plan is for
  SharingWords(GraphIndex index, Plan plan) {
    this.index = index;
    this.groups = WeightGroup.byLayer(plan.layers());
  }

  /// Empty where the layer alone reads its weights.
  String of(LayerPlan planned) {
    WeightGroup group = requireNonNull(groups.get(planned.layer().key()));
    StringBuilder words = new StringBuilder();
    if (group.isShared()) {
      words.append("; one tensor for ").append(Counted.of(group.users().size(), "layer"));
    }
    Set<String> users =
        group.users().stream().map(user -> user.layer().key()).collect(Collectors.toSet());
    index.consumers(planned.layer().weight()).stream()
        .filter(reader -> !users.contains(reader.output()))
        .findFirst()
        .ifPresent(other -> words.append(apart(other)));
    return words.toString();
  }

  private String apart(Node other) {
    return groups.containsKey(other.output())
        ? "; stored apart from those of %s, which reads them otherwise".formatted(other.label())
        : "; stored as floats too, for " + other.label();
  }
}
