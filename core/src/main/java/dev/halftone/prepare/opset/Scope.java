package dev.halftone.prepare.opset;

import dev.halftone.UnsupportedModelException;
import dev.halftone.graph.Attribute;
import dev.halftone.graph.Graph;
import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Names;
import dev.halftone.graph.Node;
import dev.halftone.graph.TensorType;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The graph around a node for a [Step] to ask about, and the place for the constants that it adds.
public final class Scope {

  /// Two opsets, of which a step leads from the one towards the other.
  public record Opsets(long from, long to) {}

  private final GraphIndex index;
  private final Map<String, TensorType> types;
  private final Names names;
  private final Optional<Scope> outer;
  private final Optional<DType> onlyFloat;
  private final Opsets opsets;
  private final Map<String, Tensor> added = new LinkedHashMap<>();

  /// @param graph the graph as it stood before any step
  /// @param types what is known of its values
  /// @param outer the graph around it, where it is a subgraph
  /// @param onlyFloat what [FloatTypes#only] says of the whole model
  /// @param opsets that the graph has, and that it is raised to
  public Scope(
      Graph graph,
      Map<String, TensorType> types,
      Names names,
      Optional<Scope> outer,
      Optional<DType> onlyFloat,
      Opsets opsets) {
    this.index = new GraphIndex(graph);
    this.types = types;
    this.names = names;
    this.outer = outer;
    this.onlyFloat = onlyFloat;
    this.opsets = opsets;
  }

  /// The constants that steps added, by name.
  public Map<String, Tensor> added() {
    return added;
  }

  long target() {
    return opsets.to;
  }

  String fresh(String wanted) {
    return names.fresh(wanted);
  }

  /// Adds a constant that belongs to `node` and gives its name.
  String constant(Node node, String role, Tensor tensor) {
    String name = fresh((node.name().isEmpty() ? node.output() : node.name()) + "_" + role);
    added.put(name, tensor);
    return name;
  }

  String constant(Node node, String role, List<Long> values) {
    return constant(
        node, role, Tensor.vector(values.stream().mapToLong(Long::longValue).toArray()));
  }

  /// A constant scalar of the element type that `value` has.
  String scalarLike(Node node, String role, String value, float scalar) {
    return constant(node, role, floats(floatType(node, value), Shape.SCALAR, scalar));
  }

  /// A node with one output, named after it.
  Node node(String op, List<String> inputs, String output) {
    return Node.of(op, fresh(output + "_" + op), inputs, List.of(output));
  }

  Optional<Tensor> known(String value) {
    Optional<Tensor> here = Optional.ofNullable(added.get(value)).or(() -> index.constant(value));
    if (here.isPresent()) {
      return here;
    }
    Optional<Node> producer = index.producer(value);
    if (producer.isPresent()) {
      return producer
          .filter(node -> node.is("Constant"))
          .flatMap(node ->
              node.attributes().get("value") instanceof Attribute.TensorValue(Tensor tensor)
                  ? Optional.of(tensor)
                  : Optional.empty());
    }
    return outer.flatMap(scope -> scope.known(value));
  }

  Optional<TensorType> type(String value) {
    return Optional.ofNullable(types.get(value))
        .or(() -> outer.flatMap(scope -> scope.type(value)));
  }

  /// The type of a value that is of a floating-point type. Throws UnsupportedModelException where it is not known.
  DType floatType(Node node, String value) {
    return type(value)
        .map(TensorType::dtype)
        .or(() -> onlyFloat)
        .filter(DType::isFloat)
        .orElseThrow(() ->
            refuse(
                node,
                "the floating-point type of its input " + value + " is not known",
                "run ONNX shape inference on the model first, so that the file declares it"));
  }

  /// True where a node, a subgraph or the graph's outputs read this output of a node.
  boolean isRead(Node node, int output) {
    if (output >= node.outputs().size() || node.outputs().get(output).isEmpty()) {
      return false;
    }
    String value = node.outputs().get(output);
    return !index.consumers(value).isEmpty() || index.isVisible(value);
  }

  UnsupportedModelException refuse(Node node, String why, String remedy) {
    return new UnsupportedModelException(
        node.opType()
            + " node "
            + node.label()
            + " (opset "
            + opsets.from
            + ") cannot be raised to opset "
            + opsets.to
            + " because "
            + why
            + ": "
            + remedy);
  }

  /// Floating-point elements of any type that ONNX computes in.
  static Tensor floats(DType dtype, Shape shape, float... values) {
    Tensor tensor = Tensor.allocate(dtype, shape);
    for (int i = 0; i < values.length; i++) {
      switch (dtype) {
        case FLOAT ->
            tensor.data().set(little(ValueLayout.JAVA_FLOAT_UNALIGNED), i * 4L, values[i]);
        case DOUBLE ->
            tensor.data().set(little(ValueLayout.JAVA_DOUBLE_UNALIGNED), i * 8L, values[i]);
        case FLOAT16 ->
            tensor
                .data()
                .set(
                    little(ValueLayout.JAVA_SHORT_UNALIGNED),
                    i * 2L,
                    Float.floatToFloat16(values[i]));
        case BFLOAT16 ->
            tensor
                .data()
                .set(little(ValueLayout.JAVA_SHORT_UNALIGNED), i * 2L, bfloat16(values[i]));
        default -> throw new IllegalArgumentException("no floating-point type: " + dtype);
      }
    }
    return tensor;
  }

  /// Rounded to nearest, ties to even.
  private static short bfloat16(float value) {
    int bits = Float.floatToIntBits(value);
    return (short) (Float.isNaN(value) ? 0x7FC0 : bits + 0x7FFF + (bits >>> 16 & 1) >>> 16);
  }

  private static ValueLayout.OfFloat little(ValueLayout.OfFloat layout) {
    return layout.withOrder(ByteOrder.LITTLE_ENDIAN);
  }

  private static ValueLayout.OfDouble little(ValueLayout.OfDouble layout) {
    return layout.withOrder(ByteOrder.LITTLE_ENDIAN);
  }

  private static ValueLayout.OfShort little(ValueLayout.OfShort layout) {
    return layout.withOrder(ByteOrder.LITTLE_ENDIAN);
  }
}
