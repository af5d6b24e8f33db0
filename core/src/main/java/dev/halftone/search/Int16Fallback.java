package dev.halftone.search;

import static java.util.Objects.requireNonNull;

import dev.halftone.data.Dataset;
import dev.halftone.device.Surroundings;
import dev.halftone.device.Trait;
import dev.halftone.graph.Graph;
import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Node;
import dev.halftone.graph.Value;
import dev.halftone.plan.Placement;
import dev.halftone.plan.Plan;
import dev.halftone.recipe.ActivationScheme;
import dev.halftone.recipe.Recipe;
import dev.halftone.recipe.Rule;
import dev.halftone.rewrite.InsertQdq;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Operations that make activations of 16 bits, and inputs of the network that have them: for devices without floats.
///
/// @param plan of all in 8 bits
/// @param tensors by the name of what makes them, those that share its integers among them
record Int16Fallback(Baseline base, Plan plan, Map<String, Set<String>> tensors)
    implements Fallback {

  /// Those whose kernels take 16 bits, and for which something that reads them does too.
  ///
  /// @param data the samples that the statistics are of
  static Int16Fallback of(Baseline base, Dataset data) {
    Graph graph = base.seen().prepared().graph();
    GraphIndex index = new GraphIndex(graph);
    Map<String, Set<String>> tensors = byMaker(base.placement(), index);
    tensors
        .values()
        .removeIf(same -> {
          boolean leaves = graph.outputs().stream().map(Value::name).anyMatch(same::contains);
          return !leaves && !isReadInFull(same, base.placement(), index);
        });
    Plan plan =
        base.quantizer()
            .plan(base.seen().prepared(), base.placement(), base.seen().statistics(), data);
    return new Int16Fallback(base, plan, tensors);
  }

  private static Map<String, Set<String>> byMaker(Placement placement, GraphIndex index) {
    Map<String, Set<String>> tensors = new LinkedHashMap<>();
    placement
        .shares()
        .forEach((tensor, share) -> {
          Optional<Node> maker = placement.maker(share.tensor(), index);
          if (maker
              .map(node -> placement.device().has(node, Surroundings.of(index), Trait.WIDE))
              .orElse(true)) {
            tensors
                .computeIfAbsent(
                    maker.map(Node::label).orElse(share.tensor()), _ -> new LinkedHashSet<>())
                .add(tensor);
          }
        });
    return tensors;
  }

  /// @param same tensors that share their integers; what passes them on reads nothing
  private static boolean isReadInFull(Set<String> same, Placement placement, GraphIndex index) {
    return same.stream()
        .flatMap(tensor -> index.consumers(tensor).stream())
        .filter(node -> !same.contains(node.output()))
        .anyMatch(node ->
            !placement.integer().contains(node)
                || placement.device().has(node, Surroundings.of(index), Trait.WIDE));
  }

  @Override
  public List<String> labels() {
    return List.copyOf(tensors.keySet());
  }

  @Override
  public String words(int count) {
    return (count == tensors.size() ? "all" : count) + " in 16 bits";
  }

  @Override
  public Recipe taking(List<String> labels) {
    ActivationScheme wide = new ActivationScheme.Static(16, base.recipe().rules().observer());
    return base.recipe().overriding(Rule.activations(labels, wide));
  }

  /// Of the activations alone: what wider ones cannot mend does not count.
  @Override
  public double noise(List<String> labels, Dataset few) {
    Set<String> some = new HashSet<>();
    labels.forEach(label -> some.addAll(requireNonNull(tensors.get(label))));
    return base.examiner()
        .noise(InsertQdq.apply(base.seen().prepared(), plan.withActivations(some), Map.of()), few);
  }
}
