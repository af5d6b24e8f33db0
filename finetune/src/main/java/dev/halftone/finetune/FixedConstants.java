package dev.halftone.finetune;

import static java.util.Objects.requireNonNull;

import dev.halftone.graph.Graph;
import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Node;
import dev.halftone.plan.Plan;
import dev.halftone.rewrite.StoredConstants;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/// Constants that are rounded and do not learn: those that sums and products read, and weights without a layer.
///
/// @param operands by name
/// @param weights by name
record FixedConstants(Plan plan, Map<String, Tensor> operands, Map<String, Tensor> weights) {

  static FixedConstants of(Plan plan, Graph graph) {
    Map<String, Tensor> operands = new HashMap<>();
    plan.constants()
        .forEach((name, grid) ->
            graph
                .constant(name)
                .ifPresent(
                    value -> operands.put(name, FakeQuantize.fixed(Libtorch.tensor(value), grid))));
    Map<String, Tensor> weights = new HashMap<>();
    for (Plan.Stored stored : plan.stored()) {
      dev.halftone.tensor.Tensor real = graph.constant(stored.weight()).orElseThrow();
      weights.put(
          stored.weight(), Libtorch.tensor(StoredConstants.quantize(real, stored).dequantized()));
    }
    return new FixedConstants(plan, operands, weights);
  }

  /// What a node reads in place of a constant; empty where it reads that as it is.
  ///
  /// @param index of the graph that the plan is for
  Optional<Tensor> of(Node node, int input, GraphIndex index) {
    if (weights.containsKey(node.input(input))) {
      return Optional.of(requireNonNull(weights.get(node.input(input))));
    }
    return Optional.ofNullable(operands.get(node.input(input)))
        .filter(_ -> plan.roundsOperands(node, index));
  }
}
