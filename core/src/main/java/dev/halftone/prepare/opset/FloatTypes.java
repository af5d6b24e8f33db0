package dev.halftone.prepare.opset;

import dev.halftone.graph.Attribute;
import dev.halftone.graph.Graph;
import dev.halftone.graph.Node;
import dev.halftone.graph.Value;
import dev.halftone.tensor.DType;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The floating-point types that can arise in the graphs of a model. Where there is but one, a value that must be of such a type is of that one,
/// also where the file does not declare it.
public final class FloatTypes {

  private final Set<DType> found = EnumSet.noneOf(DType.class);

  private FloatTypes() {}

  public static Optional<DType> only(List<Graph> graphs) {
    FloatTypes types = new FloatTypes();
    graphs.forEach(types::collect);
    return types.found.size() == 1 ? Optional.of(types.found.iterator().next()) : Optional.empty();
  }

  private void collect(Graph graph) {
    graph.initializers().values().forEach(tensor -> add(tensor.dtype()));
    for (List<Value> values : List.of(graph.inputs(), graph.outputs(), graph.valueInfo())) {
      values.forEach(value -> value.type().ifPresent(type -> add(type.dtype())));
    }
    for (Node node : graph.nodes()) {
      node.attributes().entrySet().forEach(this::collect);
    }
  }

  private void collect(Map.Entry<String, Attribute> entry) {
    switch (entry.getValue()) {
      case Attribute.TensorValue(var tensor) -> add(tensor.dtype());
      case Attribute.Subgraph(Graph body) -> collect(body);
      // Cast, the random operations, QuantizeLinear: an element type by its number
      case Attribute.Int(long code)
          when List.of("to", "dtype", "output_dtype").contains(entry.getKey())
              && code == (int) code -> {
        DType dtype = DType.ofCode((int) code);
        if (dtype != null) {
          add(dtype);
        }
      }
      default -> {}
    }
  }

  private void add(DType dtype) {
    if (dtype.isFloat()) {
      found.add(dtype);
    }
  }
}
