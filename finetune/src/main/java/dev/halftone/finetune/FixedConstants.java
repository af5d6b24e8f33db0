package dev.halftone.finetune;

import static java.util.Objects.requireNonNull;

import dev.halftone.graph.Graph;
import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Node;
import dev.halftone.plan.Plan;
import dev.halftone.rewrite.TableStorage;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/// Constants that are rounded and do not learn: those that sums and products read, and tables.
///
/// @param operands by name
/// @param tables by what is made of their rows
record FixedConstants(Plan plan, Map<String, Tensor> operands, Map<String, Tensor> tables) {

  static FixedConstants of(Plan plan, Graph graph) {
    Map<String, Tensor> operands = new HashMap<>();
    plan.constants()
        .forEach((name, grid) ->
            graph
                .constant(name)
                .ifPresent(
                    value -> operands.put(name, FakeQuantize.fixed(Libtorch.tensor(value), grid))));
    Map<String, Tensor> tables = new HashMap<>();
    for (Plan.Table table : plan.tables()) {
      dev.halftone.tensor.Tensor real = graph.constant(table.table()).orElseThrow();
      tables.put(table.output(), Libtorch.tensor(TableStorage.quantize(real).dequantized()));
    }
    return new FixedConstants(plan, operands, tables);
  }

  /// What a node reads in place of a constant; empty where it reads that as it is.
  ///
  /// @param index of the graph that the plan is for
  Optional<Tensor> of(Node node, int input, GraphIndex index) {
    if (input == 0 && tables.containsKey(node.output())) {
      return Optional.of(requireNonNull(tables.get(node.output())));
    }
    return Optional.ofNullable(operands.get(node.input(input)))
        .filter(_ -> plan.roundsOperands(node, index));
  }
}
