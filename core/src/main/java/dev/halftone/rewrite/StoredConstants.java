package dev.halftone.rewrite;

import dev.halftone.form.AddedNodes;
import dev.halftone.form.RowTable;
import dev.halftone.form.SharedConstants;
import dev.halftone.form.WeightConstants;
import dev.halftone.graph.Graph;
import dev.halftone.graph.GraphEdit;
import dev.halftone.graph.Node;
import dev.halftone.plan.Plan;
import dev.halftone.plan.QuantizedLayer;
import dev.halftone.plan.rounding.MultipleScales;
import dev.halftone.plan.rounding.Nearest;
import dev.halftone.scheme.Multiples;
import dev.halftone.scheme.QuantizedWeight;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Writes the weights of operations that compute with floats as integers.
public final class StoredConstants {

  private final Graph graph;
  private final GraphEdit edit;
  private final SharedConstants shared;
  private final TiedTables tied;
  private final Map<String, Plan.Stored> pieces = new LinkedHashMap<>();
  private final Map<String, Plan.Stored> wholes = new LinkedHashMap<>();
  private final Map<String, WeightConstants> written = new LinkedHashMap<>();

  /// @param layers the numbers of each layer by its key
  StoredConstants(
      Graph graph,
      GraphEdit edit,
      SharedConstants shared,
      Plan plan,
      Map<String, QuantizedLayer> layers) {
    this.graph = graph;
    this.edit = edit;
    this.shared = shared;
    this.tied = new TiedTables(graph, plan, layers);
    for (Plan.Stored weight : plan.stored()) {
      (weight.form().isWhole() ? wholes : pieces).put(weight.weight(), weight);
    }
  }

  /// The integers of such weights.
  public static QuantizedWeight quantize(Tensor weight, Plan.Stored stored) {
    if (stored.form() instanceof RowTable(Optional<Integer> group) && group.isPresent()) {
      Multiples levels = new Multiples(stored.type(), group.get());
      return MultipleScales.nearest(weight, 0, levels, Multiples.most(stored.type(), 0));
    }
    return Nearest.quantize(weight, stored.granularity(), stored.type());
  }

  /// True of a node that is to read stored weights in its own way, as rows of a table.
  boolean isReader(Node node) {
    return node.inputs().stream().anyMatch(pieces::containsKey);
  }

  /// What stands in the place of such a node.
  ///
  /// @param node that was, with the weights as its input
  /// @param rewired the same as it stands now
  Node read(Node node, Node rewired) {
    Node reading = rewired;
    for (int i = 0; i < node.inputs().size(); i++) {
      Plan.Stored weight = pieces.get(node.input(i));
      if (weight != null) {
        reading = weight.form().read(constants(weight, weight.weight()), reading, i);
      }
    }
    return reading;
  }

  /// Gives all that reads weights as a whole what is made of the integers.
  ///
  /// @param ofLayers the integers that layers have of an initializer
  void redirect(Function<String, Optional<WeightConstants>> ofLayers) {
    int count = 0;
    for (Plan.Stored weight : wholes.values()) {
      String name = "s" + ++count;
      WeightConstants constants =
          ofLayers
              .apply(weight.weight())
              .filter(has -> has.weight().grid().granularity().equals(weight.granularity()))
              .orElseGet(() -> constants(weight, name));
      edit.redirect(weight.weight(), weight.form().whole(constants));
    }
  }

  private QuantizedWeight integers(Tensor weight, Plan.Stored stored) {
    return Optional.of(weight)
        .filter(_ -> stored.form() instanceof RowTable)
        .flatMap(tied::integers)
        .orElseGet(() -> quantize(weight, stored));
  }

  private WeightConstants constants(Plan.Stored stored, String name) {
    return written.computeIfAbsent(
        stored.weight(),
        weight ->
            new WeightConstants(
                edit,
                shared,
                integers(graph.constant(weight).orElseThrow(), stored),
                weight + "_q",
                name));
  }

  /// The integers of a layer as the transposed ones of a table, where they are the same: a network that reads words and scores them by one
  /// table stores it once. A runtime transposes them when it loads the model.
  ///
  /// @param wanted what they are called, or nearly
  Optional<String> transposed(QuantizedWeight weight, String wanted) {
    if (!weight.grid().hasAxis(1) || weight.shape().rank() != 2) {
      return Optional.empty();
    }
    Shape turned = new Shape(weight.shape().dim(1), weight.shape().dim(0));
    return written.values().stream()
        .filter(known -> known.weight().shape().equals(turned))
        .filter(known -> known.holds(weight.transposed()))
        .findFirst()
        .map(known -> new AddedNodes(edit).add("Transpose", wanted, known.integers()));
  }
}
