package dev.halftone.fuzz;

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
import java.util.Optional;
import java.util.SplittableRandom;

/// Copies of models that are still well-formed files, but whose nodes, attributes, constants, types or names are not what an operation asks
/// for, or are of extreme sizes.
public final class BrokenModel {

  private static final List<String> OPERATIONS =
      List.of(
          ("Conv Gemm MatMul Add Mul Sub Div Relu Clip Sigmoid HardSwish HardSigmoid MaxPool AveragePool"
                  + " GlobalAveragePool ReduceMean Concat Split Reshape Flatten Transpose Squeeze Unsqueeze"
                  + " Slice Gather Expand Tile Pad Resize DepthToSpace Shape Size Cast ConstantOfShape Range"
                  + " Where Softmax BatchNormalization LayerNormalization ConvTranspose LSTM GRU Einsum TopK"
                  + " NonZero ArgMax OneHot Identity Dropout PRelu LeakyRelu Upsample If Loop Scan Nonsense"
                  + " QuantizeLinear DequantizeLinear QLinearConv NonMaxSuppression CumSum GatherND Compress")
              .split(" "));

  private static final List<String> ATTRIBUTES =
      List.of(
          ("axis axes alpha beta group pads strides dilations kernel_shape transA transB perm keepdims"
                  + " mode auto_pad ceil_mode to blocksize value epsilon min max split equation hidden_size"
                  + " direction allowzero count_include_pad output_shape output_padding largest k")
              .split(" "));

  private final SplittableRandom random;

  private BrokenModel(SplittableRandom random) {
    this.random = random;
  }

  /// One to three changes.
  public static Model of(Model original, SplittableRandom random) {
    BrokenModel broken = new BrokenModel(random);
    Model model = original;
    for (int changes = random.nextInt(1, 4); changes > 0; changes--) {
      model = broken.change(model);
    }
    return model;
  }

  private Model change(Model model) {
    Graph graph = model.graph();
    return switch (random.nextInt(14)) {
      case 0 ->
          model.withOpset("", List.of(1L, 7L, 9L, 11L, 13L, 17L, 18L, 21L).get(random.nextInt(8)));
      case 1 -> model.withIrVersion(random.nextInt(1, 12));
      case 2, 3 -> model.withGraph(constant(graph));
      case 4 -> model.withGraph(port(graph));
      case 5 -> model.withGraph(outputs(graph));
      case 6 -> model.withGraph(BrokenSizes.insert(graph, random));
      case 7 -> model.withGraph(BrokenSizes.chain(graph, random));
      default -> model.withGraph(node(graph));
    };
  }

  private Graph node(Graph graph) {
    if (graph.nodes().isEmpty()) {
      return graph;
    }
    List<Node> nodes = new ArrayList<>(graph.nodes());
    int at = random.nextInt(nodes.size());
    Node node = nodes.get(at);
    switch (random.nextInt(9)) {
      case 0 -> nodes.remove(at);
      case 1 -> {
        Node other =
            new Node(
                node.name(),
                pick(OPERATIONS),
                "",
                node.inputs(),
                node.outputs(),
                node.attributes(),
                List.of());
        nodes.set(at, other);
      }
      case 2, 3 -> nodes.set(at, node.withInputs(inputs(node, graph)));
      case 4 -> {
        List<String> outputs = new ArrayList<>(node.outputs());
        if (random.nextBoolean() && !outputs.isEmpty()) {
          outputs.remove(random.nextInt(outputs.size()));
        } else {
          outputs.add(random.nextBoolean() ? "" : "more" + random.nextInt(1000));
        }
        nodes.set(at, node.withOutputs(outputs));
      }
      case 5 -> nodes.set(at, body(node, graph));
      default -> nodes.set(at, attribute(node));
    }
    return graph.withNodes(nodes);
  }

  private List<String> inputs(Node node, Graph graph) {
    List<String> inputs = new ArrayList<>(node.inputs());
    String value = anyValue(graph);
    if (inputs.isEmpty() || random.nextInt(5) == 0) {
      inputs.add(value);
      return inputs;
    }
    int at = random.nextInt(inputs.size());
    switch (random.nextInt(4)) {
      case 0 -> inputs.remove(at);
      case 1 -> inputs.set(at, "");
      case 2 -> java.util.Collections.swap(inputs, at, random.nextInt(inputs.size()));
      default -> inputs.set(at, value);
    }
    return inputs;
  }

  private String anyValue(Graph graph) {
    List<String> values = new ArrayList<>(graph.initializers().keySet());
    graph.inputs().forEach(input -> values.add(input.name()));
    graph.nodes().forEach(node -> values.addAll(node.outputs()));
    return values.isEmpty() ? "nothing" : pick(values);
  }

  private Node attribute(Node node) {
    List<String> keys = new ArrayList<>(node.attributes().keySet());
    String key = keys.isEmpty() || random.nextInt(4) == 0 ? pick(ATTRIBUTES) : pick(keys);
    if (random.nextInt(6) == 0) {
      return node.without(key);
    }
    return node.with(key, changed(node.attributes().get(key)));
  }

  private Attribute changed(@org.jspecify.annotations.Nullable Attribute attribute) {
    if (attribute instanceof Attribute.Ints(List<Long> values) && random.nextInt(4) != 0) {
      List<Long> other = new ArrayList<>(values);
      if (other.isEmpty() || random.nextInt(4) == 0) {
        other.add(BrokenSizes.extreme(random));
      } else if (random.nextInt(4) == 0) {
        other.removeLast();
      } else {
        other.set(random.nextInt(other.size()), BrokenSizes.extreme(random));
      }
      return new Attribute.Ints(other);
    }
    return switch (random.nextInt(8)) {
      case 0 -> new Attribute.Float(List.of(Float.NaN, -1f, 0f, 1e30f).get(random.nextInt(4)));
      case 1 ->
          new Attribute.Text(
              pick(List.of("", "SAME_UPPER", "VALID", "linear", "ij->", "a,a->aaa")));
      case 2 -> new Attribute.Ints(List.of());
      case 3 -> new Attribute.TensorValue(BrokenSizes.tensor(random));
      case 4 -> new Attribute.Floats(List.of(1f, Float.NaN));
      default -> new Attribute.Int(BrokenSizes.extreme(random));
    };
  }

  /// The node inside the branches of an If, the body of a Loop, or many graphs deep.
  private Node body(Node node, Graph graph) {
    Node inner = node;
    for (int depth = random.nextInt(6) == 0 ? 70 : random.nextInt(1, 3); depth > 0; depth--) {
      List<Value> made =
          inner.outputs().stream()
              .map(name -> new Value(name + "_in", Optional.empty(), List.of()))
              .toList();
      Node named = inner.withOutputs(inner.outputs().stream().map(name -> name + "_in").toList());
      Graph branch =
          new Graph("b", List.of(named), Map.of(), List.of(), made, List.of(), List.of());
      boolean loop = random.nextInt(4) == 0;
      inner =
          Node.of(loop ? "Loop" : "If", "wrapped", List.of(anyValue(graph)), node.outputs())
              .with(loop ? "body" : "then_branch", new Attribute.Subgraph(branch))
              .with("else_branch", new Attribute.Subgraph(branch));
      if (depth > 3) {
        inner = inner.without("else_branch"); // two branches would double at each level
      }
    }
    return inner;
  }

  private Graph constant(Graph graph) {
    if (graph.initializers().isEmpty()) {
      return graph;
    }
    Map<String, Tensor> constants = new LinkedHashMap<>(graph.initializers());
    String name = pick(List.copyOf(constants.keySet()));
    Tensor tensor = constants.getOrDefault(name, Tensor.scalar(1));
    constants.put(name, random.nextInt(4) == 0 ? BrokenSizes.tensor(random) : reshaped(tensor));
    return graph.withInitializers(constants);
  }

  private Tensor reshaped(Tensor tensor) {
    long count = tensor.count();
    return switch (random.nextInt(6)) {
      case 0 -> tensor.reshape(new Shape(count));
      case 1 -> tensor.reshape(new Shape(1, count));
      case 2 -> tensor.reshape(new Shape(count, 1, 1));
      case 3 -> new Tensor(tensor.dtype(), new Shape(0), tensor.data().asSlice(0, 0));
      case 4 ->
          new Tensor(
              pick(List.of(DType.INT8, DType.BOOL, DType.UINT8)),
              new Shape(tensor.byteSize()),
              tensor.data());
      default -> {
        Tensor copy = Tensor.allocate(tensor.dtype(), tensor.shape());
        copy.data().copyFrom(tensor.data());
        for (int i = random.nextInt(1, 9); i > 0 && copy.byteSize() > 0; i--) {
          copy.data()
              .set(
                  java.lang.foreign.ValueLayout.JAVA_BYTE,
                  random.nextLong(copy.byteSize()),
                  (byte) pick(List.of(0xFF, 0x7F, 0x80, 0, 1)).intValue());
        }
        yield copy;
      }
    };
  }

  private Graph port(Graph graph) {
    List<Value> inputs = new ArrayList<>(graph.inputs());
    if (inputs.isEmpty() || random.nextInt(6) == 0) {
      inputs.add(new Value("added", BrokenSizes.type(random)));
    } else {
      int at = random.nextInt(inputs.size());
      Value old = inputs.get(at);
      List<Dim> dims = new ArrayList<>(old.type().flatMap(TensorType::dims).orElse(List.of()));
      if (dims.isEmpty() || random.nextInt(4) == 0) {
        inputs.set(at, new Value(old.name(), BrokenSizes.type(random)));
      } else {
        dims.set(random.nextInt(dims.size()), BrokenSizes.dim(random));
        inputs.set(at, new Value(old.name(), TensorType.of(DType.FLOAT, dims)));
      }
    }
    return new Graph(
        graph.name(),
        graph.nodes(),
        graph.initializers(),
        inputs,
        graph.outputs(),
        graph.valueInfo(),
        graph.opaque());
  }

  private Graph outputs(Graph graph) {
    List<Value> outputs = new ArrayList<>(graph.outputs());
    switch (random.nextInt(4)) {
      case 0 -> outputs.add(new Value(anyValue(graph), Optional.empty(), List.of()));
      case 1 -> outputs.add(new Value("nowhere", BrokenSizes.type(random)));
      case 2 -> outputs.clear();
      default -> outputs.replaceAll(value -> new Value(value.name(), BrokenSizes.type(random)));
    }
    return graph.withOutputs(outputs);
  }

  private <T> T pick(List<T> some) {
    return some.get(random.nextInt(some.size()));
  }
}
