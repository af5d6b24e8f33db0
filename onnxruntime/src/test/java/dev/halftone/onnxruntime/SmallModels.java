package dev.halftone.onnxruntime;

import dev.halftone.Normal;
import dev.halftone.graph.Attribute;
import dev.halftone.graph.Dim;
import dev.halftone.graph.Graph;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.graph.TensorType;
import dev.halftone.graph.Value;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// Models of a few nodes.
final class SmallModels {

  static final Dim N = new Dim.Named("N");

  private final List<Node> nodes = new ArrayList<>();
  private final Map<String, Tensor> constants = new LinkedHashMap<>();
  private final List<Value> inputs = new ArrayList<>();
  private final List<Value> outputs = new ArrayList<>();

  static Value value(String name, DType dtype, Dim... dims) {
    return new Value(name, TensorType.of(dtype, List.of(dims)));
  }

  static Value value(String name, DType dtype, long... dims) {
    return new Value(name, TensorType.of(dtype, new Shape(dims)));
  }

  SmallModels input(Value value) {
    inputs.add(value);
    return this;
  }

  SmallModels output(Value value) {
    outputs.add(value);
    return this;
  }

  SmallModels constant(String name, Tensor tensor) {
    constants.put(name, tensor);
    return this;
  }

  SmallModels node(String op, List<String> reads, String makes) {
    nodes.add(Node.of(op, "make_" + makes, reads, List.of(makes)));
    return this;
  }

  SmallModels node(Node node) {
    nodes.add(node);
    return this;
  }

  Model model() {
    Graph graph = new Graph("small", nodes, constants, inputs, outputs, List.of(), List.of());
    return new Model(8, Map.of("", 17L), "", "", graph, Map.of(), List.of());
  }

  /// x (N x 3 x H x W) -> Conv 3x3 to 8 channels -> Relu -> Conv 3x3 to 8 -> Add of the Relu; all four are outputs.
  static Model residual() {
    Dim height = new Dim.Named("H");
    Dim width = new Dim.Named("W");
    return new SmallModels()
        .input(value("x", DType.FLOAT, N, Dim.of(3), height, width))
        .constant("w1", random(1, 8, 3, 3, 3))
        .constant("w2", random(2, 8, 8, 3, 3))
        .node(conv("first", "x", "w1", "c1"))
        .node("Relu", List.of("c1"), "r1")
        .node(conv("second", "r1", "w2", "c2"))
        .node("Add", List.of("c2", "r1"), "y")
        .output(value("y", DType.FLOAT, N, Dim.of(8), height, width))
        .output(value("c1", DType.FLOAT, N, Dim.of(8), height, width))
        .output(value("r1", DType.FLOAT, N, Dim.of(8), height, width))
        .output(value("c2", DType.FLOAT, N, Dim.of(8), height, width))
        .model();
  }

  static Node conv(String name, String x, String weights, String y) {
    return Node.of("Conv", name, List.of(x, weights), List.of(y))
        .with("pads", Attribute.Ints.of(1, 1, 1, 1));
  }

  static Tensor random(long seed, long... dims) {
    return Normal.tensor(new Random(seed), 1, dims);
  }
}
