package dev.halftone.graph.shape;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.halftone.graph.Graph;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.graph.Order;
import dev.halftone.graph.TensorType;
import dev.halftone.graph.Value;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// An inventory of a model for a reader: every node with its result, work and weights, and the totals.
///
/// Operations, weights and work inside branches and bodies (of If, Loop and Scan) count for the node that has them. Work is counted for the given input shapes; an extent that is not given is taken as 1 on the first axis and everywhere else.
///
/// @param opset version of the standard operator set
/// @param operations how often each operation stands in the model, branches and bodies included, by name
public record Inspection(
    long opset,
    List<Port> inputs,
    List<Port> outputs,
    List<Row> nodes,
    Map<String, Integer> operations,
    @JsonUnwrapped Totals totals) {

  /// @param openExtents whether an extent after the first was taken as 1, so that `macs` are too few
  /// @param macs multiply-accumulates of convolutions, matrix products and recurrent layers in one run
  /// @param parameters numbers in all constants
  /// @param parameterBytes bytes of all constants, as stored
  public record Totals(boolean openExtents, long macs, long parameters, long parameterBytes) {}

  /// @param type as declared in the file, as in `FLOAT batchx3x224x224`
  public record Port(String name, String type) {}

  /// @param output type of the first output, `unknown` where it cannot be told
  /// @param parameterBytes bytes of constants that this node is the first to read
  public record Row(String name, String operation, String output, long macs, long parameterBytes) {}

  public Inspection {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    nodes = List.copyOf(nodes);
    operations = java.util.Collections.unmodifiableMap(new TreeMap<>(operations));
  }

  /// @param shapes of inputs by name, for extents the file leaves open
  public static Inspection of(Model model, Map<String, Shape> shapes) {
    Graph graph = model.graph();
    Types declared = ShapeInference.infer(model);
    Types sized = ShapeInference.infer(model, sized(graph, shapes));
    Map<String, Tensor> unread = new HashMap<>(graph.initializers());
    Map<String, Integer> operations = new TreeMap<>();
    List<Row> rows = new ArrayList<>();
    List<Tensor> inside = new ArrayList<>();
    long macs = 0;
    for (Node node : graph.nodes()) {
      operations.merge(node.operation(), 1, Integer::sum);
      Bodies bodies = Bodies.of(node, model, sized);
      bodies.operations().forEach((name, count) -> operations.merge(name, count, Integer::sum));
      inside.addAll(bodies.constants());
      long work = Work.plus(Work.macs(node, sized), bodies.macs());
      macs = Work.plus(macs, work);
      long bytes = bodies.constants().stream().mapToLong(Tensor::byteSize).sum();
      for (String input : Order.reads(node)) {
        Tensor tensor = unread.remove(input);
        bytes += tensor == null ? 0 : tensor.byteSize();
      }
      bytes += ShapeInference.constant(node).map(Tensor::byteSize).orElse(0L);
      String output =
          node.outputs().stream()
              .findFirst()
              .flatMap(declared::type)
              .map(TensorType::toString)
              .orElse("unknown");
      rows.add(new Row(node.label(), node.operation(), output, work, bytes));
    }
    List<Tensor> constants = new ArrayList<>(graph.initializers().values());
    graph.nodes().forEach(node -> ShapeInference.constant(node).ifPresent(constants::add));
    constants.addAll(inside);
    return new Inspection(
        model.opset(),
        graph.requiredInputs().stream().map(Inspection::port).toList(),
        graph.outputs().stream().map(value -> inferred(value, declared)).toList(),
        rows,
        operations,
        new Totals(
            graph.requiredInputs().stream()
                .anyMatch(input -> !shapes.containsKey(input.name()) && isOpen(input)),
            macs,
            constants.stream().mapToLong(Tensor::count).sum(),
            constants.stream().mapToLong(Tensor::byteSize).sum()));
  }

  private static boolean isOpen(Value input) {
    return input.type().flatMap(TensorType::dims).stream()
        .flatMap(dims -> dims.stream().skip(1))
        .anyMatch(dim -> dim.size() < 0);
  }

  private static Port port(Value value) {
    return new Port(value.name(), value.type().map(TensorType::toString).orElse("no tensor"));
  }

  private static Port inferred(Value value, Types types) {
    return types
        .type(value.name())
        .map(type -> new Port(value.name(), type.toString()))
        .orElse(port(value));
  }

  private static Map<String, TensorType> sized(Graph graph, Map<String, Shape> shapes) {
    Map<String, TensorType> sized = new HashMap<>();
    Set<String> constants = new HashSet<>(graph.initializers().keySet());
    for (Value input : graph.inputs()) {
      Shape given = shapes.get(input.name());
      if (input.type().isEmpty() || constants.contains(input.name())) {
        continue;
      }
      TensorType type = input.type().get();
      sized.put(input.name(), given != null ? TensorType.of(type.dtype(), given) : type.ofOne());
    }
    return sized;
  }
}
