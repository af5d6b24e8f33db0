package dev.halftone.rewrite;

import dev.halftone.UnsupportedModelException;
import dev.halftone.form.AddedNodes;
import dev.halftone.form.SharedConstants;
import dev.halftone.graph.Attribute;
import dev.halftone.graph.Graph;
import dev.halftone.graph.GraphEdit;
import dev.halftone.graph.Node;
import dev.halftone.graph.TensorType;
import dev.halftone.graph.Value;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/// The number 1 as a scalar that is known at run time only, so that a runtime does not fold what is multiplied by it. It is made once, of
/// an input of the graph: of its extents where these are open, else of its first element.
final class RuntimeOne {

  private static final Set<DType> NUMBERS =
      Set.of(DType.FLOAT, DType.DOUBLE, DType.INT32, DType.INT64);

  private final Graph graph;
  private final AddedNodes nodes;
  private final SharedConstants shared;
  private String name = "";

  RuntimeOne(Graph graph, GraphEdit edit, SharedConstants shared) {
    this.graph = graph;
    this.nodes = new AddedNodes(edit);
    this.shared = shared;
  }

  String name() {
    if (name.isEmpty()) {
      String some = some();
      String same = nodes.add("Equal", "one_same", some, some);
      String each = nodes.cast(same, DType.FLOAT, "one_each");
      name =
          nodes.add(
              Node.of("ReduceMax", "", List.of(each), List.of())
                  .with("keepdims", new Attribute.Int(0)),
              "one");
    }
    return name;
  }

  /// Numbers that equal themselves.
  private String some() {
    Optional<Value> open =
        inputs().filter(input -> rank(input) > 0 && type(input).shape().isEmpty()).findFirst();
    if (open.isPresent()) {
      return nodes.add("Shape", "one_extents", open.get().name());
    }
    Value first =
        inputs()
            .filter(input -> rank(input) >= 0 && NUMBERS.contains(type(input).dtype()))
            .findFirst()
            .orElseThrow(() ->
                new UnsupportedModelException(
                    "products of integers need an input of numbers, and the model has none: take the recipe w8a32"));
    int rank = rank(first);
    return rank == 0
        ? first.name()
        : nodes.add("Slice", "one_first", first.name(), same(rank, 0), same(rank, 1));
  }

  private Stream<Value> inputs() {
    return graph.requiredInputs().stream().filter(input -> input.type().isPresent());
  }

  private static TensorType type(Value input) {
    return input.type().orElseThrow();
  }

  private static int rank(Value input) {
    return type(input).rank();
  }

  private String same(int count, long number) {
    return shared.add(
        "shape", Tensor.vector(LongStream.generate(() -> number).limit(count).toArray()));
  }
}
