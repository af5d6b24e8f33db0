package dev.halftone.graph;

import dev.halftone.tensor.DType;
import dev.halftone.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Draws small models for tests: inputs, constants and nodes in order, then the outputs.
public final class Sketch {

  private final long opset;
  private final List<Value> inputs = new ArrayList<>();
  private final List<Value> outputs = new ArrayList<>();
  private final List<Node> nodes = new ArrayList<>();
  private final Map<String, Tensor> constants = new LinkedHashMap<>();
  private final List<Value> valueInfo = new ArrayList<>();

  private Sketch(long opset) {
    this.opset = opset;
  }

  public static Sketch opset(long opset) {
    return new Sketch(opset);
  }

  /// @param dims a Number is an extent, a String a name, and `?` one that has none
  public Sketch input(String name, DType dtype, Object... dims) {
    inputs.add(new Value(name, TensorType.of(dtype, dims(dims))));
    return this;
  }

  public Sketch input(String name, Object... dims) {
    return input(name, DType.FLOAT, dims);
  }

  public Sketch declare(String name, DType dtype, Object... dims) {
    valueInfo.add(new Value(name, TensorType.of(dtype, dims(dims))));
    return this;
  }

  public static List<Dim> dims(Object... dims) {
    return Arrays.stream(dims)
        .map(dim ->
            dim instanceof Number number
                ? Dim.of(number.longValue())
                : dim.equals("?") ? Dim.UNKNOWN : new Dim.Named(dim.toString()))
        .toList();
  }

  public Sketch constant(String name, Tensor tensor) {
    constants.put(name, tensor);
    return this;
  }

  public Sketch ints(String name, long... values) {
    return constant(name, Tensor.vector(values));
  }

  /// A node of the standard domain; names of inputs and outputs are separated by spaces, `-` leaves an input out.
  ///
  /// @param attributes name and value in turn: Long or Integer, Float, String, `long[]`, Tensor or Attribute
  public Sketch node(String op, String reads, String makes, Object... attributes) {
    return nodeOf("", op, reads, makes, attributes);
  }

  public Sketch nodeOf(String domain, String op, String reads, String makes, Object... attributes) {
    Map<String, Attribute> map = new LinkedHashMap<>();
    for (int i = 0; i < attributes.length; i += 2) {
      map.put((String) attributes[i], attribute(attributes[i + 1]));
    }
    List<String> names = reads.isEmpty() ? List.of() : List.of(reads.split(" "));
    names = names.stream().map(name -> name.equals("-") ? "" : name).toList();
    nodes.add(
        new Node(
            op + "_" + nodes.size(), op, domain, names, List.of(makes.split(" ")), map, List.of()));
    return this;
  }

  private static Attribute attribute(Object value) {
    return switch (value) {
      case Long number -> new Attribute.Int(number);
      case Integer number -> new Attribute.Int(number);
      case Float number -> new Attribute.Float(number);
      case String text -> new Attribute.Text(text);
      case long[] numbers -> Attribute.Ints.of(numbers);
      case Tensor tensor -> new Attribute.TensorValue(tensor);
      case Attribute attribute -> attribute;
      default -> throw new IllegalArgumentException("no attribute: " + value);
    };
  }

  public Sketch output(String name) {
    outputs.add(new Value(name, java.util.Optional.empty(), List.of()));
    return this;
  }

  public Sketch output(String name, DType dtype, Object... dims) {
    outputs.add(new Value(name, TensorType.of(dtype, dims(dims))));
    return this;
  }

  public Graph graph() {
    return new Graph("sketch", nodes, constants, inputs, outputs, valueInfo, List.of());
  }

  public Model model() {
    Map<String, Long> opsets = Map.of("", opset);
    return new Model(8, opsets, "sketch", "", GraphCheck.check(graph()), Map.of(), List.of());
  }
}
