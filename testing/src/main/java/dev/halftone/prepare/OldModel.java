package dev.halftone.prepare;

import dev.halftone.Normal;
import dev.halftone.format.onnx.Function;
import dev.halftone.graph.Attribute;
import dev.halftone.graph.Graph;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.graph.TensorType;
import dev.halftone.graph.Value;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// A small model of an old opset and what to feed it. Every node reads and writes values by the names it gives; outputs carry no
/// shape, and values inside no type, as in the exports of that time.
public final class OldModel {

  private final long opset;
  private final List<Node> nodes = new ArrayList<>();
  private final Map<String, Tensor> constants = new LinkedHashMap<>();
  private final Map<String, Tensor> feeds = new LinkedHashMap<>();
  private final List<Value> inputs = new ArrayList<>();
  private final List<Value> outputs = new ArrayList<>();
  private final List<Function> functions = new ArrayList<>();

  private OldModel(long opset) {
    this.opset = opset;
  }

  public static OldModel of(long opset) {
    return new OldModel(opset);
  }

  /// A FLOAT input of fixed shape, fed from a normal distribution.
  public OldModel input(String name, long... dims) {
    return input(name, Normal.tensor(new Random(name.hashCode()), 1, dims));
  }

  public OldModel input(String name, Tensor fed) {
    feeds.put(name, fed);
    inputs.add(new Value(name, TensorType.of(fed.dtype(), fed.shape())));
    return this;
  }

  /// A FLOAT input whose rank the file does not tell.
  public OldModel inputOfUnknownRank(String name, long... dims) {
    input(name, dims);
    inputs.removeLast();
    inputs.add(new Value(name, TensorType.ofUnknownRank(DType.FLOAT)));
    return this;
  }

  public OldModel constant(String name, Tensor tensor) {
    constants.put(name, tensor);
    return this;
  }

  public OldModel node(String op, List<String> in, List<String> out, Object... attributes) {
    nodes.add(nodeOf(op, in, out, attributes));
    return this;
  }

  /// Attributes as key, value, key, value: Long or Integer, Float, String, long[], float[], Graph.
  static Node nodeOf(String op, List<String> in, List<String> out, Object... attributes) {
    Node node = Node.of(op, "", in, out);
    for (int i = 0; i < attributes.length; i += 2) {
      node = node.with((String) attributes[i], attribute(attributes[i + 1]));
    }
    return node;
  }

  private static Attribute attribute(Object value) {
    return switch (value) {
      case Integer number -> new Attribute.Int(number);
      case Long number -> new Attribute.Int(number);
      case Float number -> new Attribute.Float(number);
      case String text -> new Attribute.Text(text);
      case long[] numbers -> Attribute.Ints.of(numbers);
      case float[] numbers -> {
        List<Float> list = new ArrayList<>();
        for (float number : numbers) {
          list.add(number);
        }
        yield new Attribute.Floats(list);
      }
      case Graph body -> new Attribute.Subgraph(body);
      default -> throw new IllegalArgumentException(value.toString());
    };
  }

  /// A node that calls a function of the model, its operation being the function's name.
  OldModel call(Function function, List<String> in, List<String> out) {
    functions.add(function);
    nodes.add(new Node("", function.name(), function.domain(), in, out, Map.of(), List.of()));
    return this;
  }

  public OldModel output(String name, DType dtype) {
    outputs.add(new Value(name, TensorType.ofUnknownRank(dtype)));
    return this;
  }

  public OldModel output(String name) {
    return output(name, DType.FLOAT);
  }

  public Map<String, Tensor> feeds() {
    return feeds;
  }

  public Graph graph() {
    return new Graph("old", nodes, constants, inputs, outputs, List.of(), List.of());
  }

  public Model model() {
    Map<String, Long> opsets = new LinkedHashMap<>(Map.of("", opset));
    long ir = Math.max(4, RaiseOpset.irVersion(opset));
    functions.forEach(function -> opsets.put(function.domain(), 1L));
    if (!functions.isEmpty()) {
      ir = Math.max(8, ir);
    }
    Model model = new Model(ir, opsets, "test", "1", graph(), Map.of(), List.of());
    return Function.replaceAll(model, functions);
  }

  @Override
  public String toString() {
    return "opset " + opset + " " + nodes.stream().map(Node::opType).toList();
  }
}
