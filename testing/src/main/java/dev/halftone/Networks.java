package dev.halftone;

import dev.halftone.graph.Attribute;
import dev.halftone.graph.Dim;
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

/// Small networks made for tests: one value flows through, each call adds an operation behind it.
public final class Networks {

  private final List<Node> nodes = new ArrayList<>();
  private final Map<String, Tensor> constants = new LinkedHashMap<>();
  private final Random random;
  private final Value input;
  private String last;

  private Networks(long seed, int... dims) {
    this.random = new Random(seed);
    List<Dim> known = new ArrayList<>();
    for (int dim : dims) {
      known.add(dim < 0 ? new Dim.Named("batch") : Dim.of(dim));
    }
    this.input = new Value("input", TensorType.of(DType.FLOAT, known));
    this.last = "input";
  }

  /// A network with one input, `input`; a negative extent is a batch.
  public static Networks input(long seed, int... dims) {
    return new Networks(seed, dims);
  }

  /// The value that the next operation reads.
  public String last() {
    return last;
  }

  public Networks from(String value) {
    last = value;
    return this;
  }

  public Networks constant(String name, Tensor tensor) {
    constants.put(name, tensor);
    return this;
  }

  /// Normal numbers of this deviation.
  public Tensor normal(double deviation, long... dims) {
    return Normal.tensor(random, deviation, dims);
  }

  /// A 3x3 (or other) convolution with bias that keeps the size, named by its output.
  public Networks conv(String name, int inC, int outC, int kernel, int group) {
    double deviation = Math.sqrt(2.0 / (inC / group * kernel * kernel));
    constants.put(name + ".weight", normal(deviation, outC, inC / group, kernel, kernel));
    constants.put(name + ".bias", normal(0.1, outC));
    int pad = kernel / 2;
    Node conv =
        Node.of("Conv", name, List.of(last, name + ".weight", name + ".bias"), List.of(name))
            .with("pads", Attribute.Ints.of(pad, pad, pad, pad))
            .with("kernel_shape", Attribute.Ints.of(kernel, kernel))
            .with("group", new Attribute.Int(group));
    return add(conv);
  }

  public Networks relu(String name) {
    return op("Relu", name, last);
  }

  public Networks relu6(String name) {
    constants.put(name + ".min", Tensor.scalar(0));
    constants.put(name + ".max", Tensor.scalar(6));
    return op("Clip", name, last, name + ".min", name + ".max");
  }

  /// Global average pool, flatten and a linear layer.
  public Networks head(String name, int inC, int classes) {
    op("GlobalAveragePool", name + ".pool", last);
    add(Node.of("Flatten", name + ".flat", List.of(last), List.of(name + ".flat")));
    constants.put(name + ".weight", normal(Math.sqrt(1.0 / inC), classes, inC));
    constants.put(name + ".bias", normal(0.1, classes));
    return add(
        Node.of("Gemm", name, List.of(last, name + ".weight", name + ".bias"), List.of(name))
            .with("transB", new Attribute.Int(1)));
  }

  public Networks op(String op, String name, String... inputs) {
    return add(Node.of(op, name, List.of(inputs), List.of(name)));
  }

  public Networks add(Node node) {
    nodes.add(node);
    last = node.output();
    return this;
  }

  /// The model, its output the last value.
  public Model model() {
    return model(last);
  }

  public Model model(String... outputs) {
    List<Value> values = new ArrayList<>();
    for (String output : outputs) {
      boolean positions =
          nodes.stream().anyMatch(node -> node.is("ArgMax") && node.output().equals(output));
      values.add(
          new Value(output, TensorType.ofUnknownRank(positions ? DType.INT64 : DType.FLOAT)));
    }
    Graph graph = new Graph("made", nodes, constants, List.of(input), values, List.of(), List.of());
    return new Model(8, Map.of("", 17L), "halftone tests", "", graph, Map.of(), List.of());
  }
}
