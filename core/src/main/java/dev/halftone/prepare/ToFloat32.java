package dev.halftone.prepare;

import dev.halftone.format.onnx.Function;
import dev.halftone.graph.Attribute;
import dev.halftone.graph.Graph;
import dev.halftone.graph.Model;
import dev.halftone.graph.Names;
import dev.halftone.graph.Node;
import dev.halftone.graph.Order;
import dev.halftone.graph.Renaming;
import dev.halftone.graph.TensorType;
import dev.halftone.graph.Value;
import dev.halftone.graph.shape.Work;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Tensor;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Makes a network whose weights are float16, bfloat16 or double compute with 32-bit floats, which integer kernels stand beside.
///
/// Inputs and outputs of the model keep their types: each has a Cast at the border. A network whose weights are 32-bit floats stays
/// as it is, whatever else it computes in another type. Numbers of a double that 32 bits cannot hold are refused, but for bounds, which
/// become the largest number there is ([NarrowFloats]).
public final class ToFloat32 implements Pass {

  /// Types that become 32-bit floats.
  private static final Set<DType> OTHERS = EnumSet.of(DType.FLOAT16, DType.BFLOAT16, DType.DOUBLE);

  /// Operations that weights may pass on their way.
  private static final Set<String> MOVES =
      Set.of("Identity", "Transpose", "Reshape", "Squeeze", "Unsqueeze");

  /// Attributes that name the element type of a result.
  private static final Set<String> TYPES =
      Set.of("to", "dtype", "output_datatype", "stash_type", "softmax_precision");

  /// The types other than FLOAT that weights of the model have, subgraphs and functions included.
  public static Set<DType> of(Model model) {
    Set<DType> found = EnumSet.noneOf(DType.class);
    collect(model.graph(), Map.of(), found);
    for (Function function : Function.of(model)) {
      collect(function.nodes(), new LinkedHashMap<>(), found);
    }
    return found;
  }

  private static void collect(Graph graph, Map<String, DType> outer, Set<DType> found) {
    Map<String, DType> constants = new LinkedHashMap<>(outer);
    graph.initializers().forEach((name, tensor) -> constants.put(name, tensor.dtype()));
    collect(graph.nodes(), constants, found);
  }

  private static void collect(List<Node> nodes, Map<String, DType> constants, Set<DType> found) {
    for (Node node : nodes) {
      if (node.outputs().isEmpty()) {
        continue;
      }
      if (node.is("Constant")
          && node.attributes().get("value") instanceof Attribute.TensorValue(var tensor)) {
        constants.put(node.output(), tensor.dtype());
      }
      DType moved = MOVES.contains(node.opType()) ? constants.get(node.input(0)) : null;
      if (moved != null) {
        constants.put(node.output(), moved);
      }
      node.bodies().forEach(body -> collect(body, constants, found));
      if (Work.WEIGHTED.contains(node.operation()) || node.is("Gather")) {
        node.inputs().stream()
            .map(constants::get)
            .filter(dtype -> dtype != null && OTHERS.contains(dtype))
            .forEach(found::add);
      }
    }
  }

  @Override
  public Model apply(Model model) {
    if (of(model).isEmpty()) {
      return model;
    }
    Graph graph = model.graph();
    Names names = new Names(graph);
    Map<String, String> renamed =
        new LinkedHashMap<>(); // what crosses the border, by its name outside
    List<Node> before = new ArrayList<>();
    List<Node> after = new ArrayList<>();
    for (Value input : graph.inputs()) {
      if (isOther(input) && !graph.initializers().containsKey(input.name())) {
        String inside = names.fresh(input.name() + "_float32");
        renamed.put(input.name(), inside);
        before.add(cast(names, input.name(), inside, DType.FLOAT));
      }
    }
    for (Value output : graph.outputs()) {
      boolean isInput = graph.inputs().stream().anyMatch(in -> in.name().equals(output.name()));
      if (isOther(output) && !isInput) {
        String inside = names.fresh(output.name() + "_float32");
        renamed.put(output.name(), inside);
        after.add(cast(names, inside, output.name(), output.type().orElseThrow().dtype()));
      }
    }
    Graph inner = graph(graph, renamed);
    List<Node> nodes = new ArrayList<>(before);
    nodes.addAll(inner.nodes());
    nodes.addAll(after);
    Graph whole =
        new Graph(
            graph.name(),
            nodes,
            inner.initializers(),
            graph.inputs().stream()
                .map(in -> graph.initializers().containsKey(in.name()) ? value(in) : in)
                .toList(),
            graph.outputs(),
            inner.valueInfo(),
            graph.opaque());
    List<Function> functions =
        Function.of(model).stream()
            .map(function ->
                function.withNodes(nodes(function.nodes(), Map.of()), function.opsets()))
            .toList();
    Model converted = model.withGraph(Order.sort(whole));
    return functions.isEmpty() ? converted : Function.replaceAll(converted, functions);
  }

  private static Node cast(Names names, String from, String into, DType dtype) {
    return Node.of("Cast", names.fresh(into + "_cast"), List.of(from), List.of(into))
        .with("to", new Attribute.Int(dtype.code()));
  }

  /// @param renamed values by the names they had
  private static Graph graph(Graph graph, Map<String, String> renamed) {
    Map<String, Tensor> constants = new LinkedHashMap<>();
    graph
        .initializers()
        .forEach((name, tensor) ->
            constants.put(renamed.getOrDefault(name, name), narrowed(name, tensor, graph.nodes())));
    return new Graph(
        graph.name(),
        nodes(graph.nodes(), renamed),
        constants,
        values(graph.inputs()),
        values(graph.outputs()),
        values(
            graph.valueInfo().stream()
                .filter(value -> !renamed.containsKey(value.name()))
                .toList()),
        graph.opaque());
  }

  private static Tensor narrowed(String name, Tensor tensor, List<Node> nodes) {
    return OTHERS.contains(tensor.dtype()) ? NarrowFloats.narrowed(name, tensor, nodes) : tensor;
  }

  private static List<Node> nodes(List<Node> nodes, Map<String, String> renamed) {
    return nodes.stream().map(node -> node(node, nodes, renamed)).toList();
  }

  private static Node node(Node node, List<Node> all, Map<String, String> renamed) {
    Map<String, Attribute> attributes = new LinkedHashMap<>();
    node.attributes()
        .forEach((key, attribute) ->
            attributes.put(
                key,
                switch (attribute) {
                  case Attribute.TensorValue(Tensor tensor) ->
                      new Attribute.TensorValue(
                          narrowed(node.outputs().isEmpty() ? key : node.output(), tensor, all));
                  case Attribute.Subgraph(Graph body) ->
                      new Attribute.Subgraph(graph(body, Map.of()));
                  case Attribute.Int(long code) when TYPES.contains(key) && isOther(code) ->
                      new Attribute.Int(DType.FLOAT.code());
                  default -> attribute;
                }));
    List<String> outputs =
        node.outputs().stream().map(name -> renamed.getOrDefault(name, name)).toList();
    return Renaming.inputs(
        node.withAttributes(attributes).withOutputs(outputs),
        name -> renamed.getOrDefault(name, name));
  }

  private static List<Value> values(List<Value> values) {
    return values.stream().map(ToFloat32::value).toList();
  }

  private static Value value(Value value) {
    return isOther(value)
        ? new Value(
            value.name(),
            Optional.of(new TensorType(DType.FLOAT, value.type().orElseThrow().dims())),
            value.opaque())
        : value;
  }

  private static boolean isOther(Value value) {
    return value.type().map(TensorType::dtype).filter(OTHERS::contains).isPresent();
  }

  private static boolean isOther(long code) {
    DType dtype = code == (int) code ? DType.ofCode((int) code) : null;
    return dtype != null && OTHERS.contains(dtype);
  }
}
