package dev.halftone.device;

import dev.halftone.graph.Graph;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.graph.Value;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// One operation with Q and DQ around it, whatever a plan would say: one grid for all activations, weights and bias as layers have
/// them.
final class Surrounded {

  /// A departure from the pattern.
  enum Other {
    /// Activations have 16 bits.
    WIDE,
    /// Nothing quantizes the activations that it reads.
    FLOAT_INPUT,
    /// Nothing quantizes what it makes.
    FLOAT_OUTPUT,
    /// Weights are float constants.
    FLOAT_WEIGHTS,
    /// The bias is a float constant.
    FLOAT_BIAS,
    /// The bias has twice the scale that it should have.
    OTHER_BIAS
  }

  private static final float SCALE = 0.05f;
  private static final float WEIGHT_SCALE = 0.01f;

  private final Set<Other> others;
  private final DType storage;
  private final Map<String, Tensor> constants = new LinkedHashMap<>();
  private final List<Node> nodes = new ArrayList<>();
  private final Map<String, String> views = new HashMap<>();

  private Surrounded(Set<Other> others) {
    this.others = others;
    this.storage = others.contains(Other.WIDE) ? DType.UINT16 : DType.UINT8;
  }

  /// @param model with the operation, which makes `m`, as its only node
  /// @param kernel of which its inputs are: with WEIGHTED the second is a weight and the third a bias, with MOVE only the first is data
  static Model of(Model model, IntegerKernel kernel, Other... others) {
    return new Surrounded(Set.of(others)).apply(model, kernel);
  }

  private Model apply(Model model, IntegerKernel kernel) {
    boolean weighted = kernel == IntegerKernel.WEIGHTED;
    boolean onlyFirst = kernel == IntegerKernel.MOVE || kernel == IntegerKernel.CLAMP;
    Graph graph = model.graph();
    Node node = graph.nodes().getFirst();
    scale("s", SCALE);
    constants.put("z", Tensor.ofIntegers(storage, Shape.SCALAR, storage.bits() == 8 ? 100 : 30000));
    List<String> inputs = new ArrayList<>();
    for (int i = 0; i < node.inputs().size(); i++) {
      inputs.add(
          i > 0 && onlyFirst
              ? kept(graph, node.input(i))
              : input(graph, node.input(i), weighted ? i : 0));
    }
    List<String> made = new ArrayList<>();
    List<Value> outputs = new ArrayList<>();
    List<Node> after = new ArrayList<>();
    for (int i = 0; i < node.outputs().size(); i++) {
      String output = node.outputs().get(i);
      if (graph.outputs().stream().noneMatch(value -> value.name().equals(output))) {
        made.add(output);
        continue;
      }
      boolean isIndex = i > 0 && !node.is("Split") || node.is("ArgMax");
      if (isIndex || others.contains(Other.FLOAT_OUTPUT)) {
        made.add(output);
      } else {
        made.add(output + "_f");
        after.add(
            Node.of(
                "QuantizeLinear", "", List.of(output + "_f", "s", "z"), List.of(output + "_q")));
        after.add(
            Node.of("DequantizeLinear", "", List.of(output + "_q", "s", "z"), List.of(output)));
      }
      outputs.add(new Value(output, Optional.empty(), List.of()));
    }
    nodes.add(node.withInputs(inputs).withOutputs(made));
    nodes.addAll(after);
    return model.withGraph(
        new Graph("surrounded", nodes, constants, graph.inputs(), outputs, List.of(), List.of()));
  }

  private String kept(Graph graph, String name) {
    graph.constant(name).ifPresent(tensor -> constants.put(name, tensor));
    return name;
  }

  private String input(Graph graph, String name, int role) {
    if (name.isEmpty()) {
      return name;
    }
    Optional<Tensor> constant = graph.constant(name);
    boolean isFloat =
        constant.map(Tensor::dtype).orElseGet(() -> declared(graph, name)) == DType.FLOAT;
    if (constant.isEmpty() && others.contains(Other.FLOAT_INPUT)) {
      return name;
    }
    boolean staysFloat =
        role == 1 && others.contains(Other.FLOAT_WEIGHTS)
            || role == 2 && others.contains(Other.FLOAT_BIAS);
    if (!isFloat || constant.isPresent() && staysFloat) {
      return kept(graph, name);
    }
    return views.computeIfAbsent(name, _ -> dequantized(name, constant, role));
  }

  private static DType declared(Graph graph, String name) {
    return graph.inputs().stream()
        .filter(input -> input.name().equals(name))
        .findFirst()
        .flatMap(Value::type)
        .orElseThrow()
        .dtype();
  }

  private String dequantized(String name, Optional<Tensor> constant, int role) {
    String quantized = name + "_q";
    String scale = "s";
    String zeroPoint = "z";
    if (constant.isEmpty()) {
      nodes.add(Node.of("QuantizeLinear", "", List.of(name, "s", "z"), List.of(quantized)));
    } else {
      DType type = role == 1 ? DType.INT8 : role == 2 ? DType.INT32 : storage;
      if (role > 0) {
        float factor = others.contains(Other.OTHER_BIAS) ? 2 : 1;
        scale = name + "_s";
        zeroPoint = name + "_z";
        scale(scale, role == 1 ? WEIGHT_SCALE : SCALE * WEIGHT_SCALE * factor);
        constants.put(zeroPoint, Tensor.ofIntegers(type, Shape.SCALAR, 0));
      }
      int[] values = new int[Math.toIntExact(constant.get().count())];
      Arrays.setAll(values, i -> i % 19 - (type == storage ? 0 : 9));
      constants.put(quantized, Tensor.ofIntegers(type, constant.get().shape(), values));
    }
    nodes.add(
        Node.of(
            "DequantizeLinear", "", List.of(quantized, scale, zeroPoint), List.of(name + "_dq")));
    return name + "_dq";
  }

  private void scale(String name, float value) {
    constants.put(name, Tensor.scalar(value));
  }
}
