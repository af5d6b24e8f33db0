package dev.halftone.onnxruntime;

import static java.util.Objects.requireNonNull;

import dev.halftone.engine.Backend;
import dev.halftone.engine.Runner;
import dev.halftone.graph.Graph;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.graph.Order;
import dev.halftone.graph.TensorType;
import dev.halftone.graph.Value;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What lies between quantized tensors of a Q/DQ model: integers in, one tensor of integers out, computed by ONNX Runtime as it likes.
///
/// @param target the integers that it makes, as the float model calls them
/// @param sources the integers that it reads by their names in the Q/DQ model, as the float model calls them
record OrtStep(String target, Map<String, String> sources, Runner runner) implements AutoCloseable {

  /// The same model with unsigned weights, 128 more each: ONNX Runtime sums their products exactly on every processor, where those of signed
  /// ones may saturate in pairs (x86 with AVX2 and without VNNI).
  static Model unsigned(Model model) {
    Graph graph = model.graph();
    Map<String, Tensor> constants = new HashMap<>(graph.initializers());
    List<Node> nodes = new ArrayList<>();
    for (Node node : graph.nodes()) {
      Optional<Tensor> weights = graph.constant(node.input(0));
      if (!node.is("DequantizeLinear")
          || !weights.map(w -> w.dtype() == DType.INT8).orElse(false)) {
        nodes.add(node);
        continue;
      }
      int[] codes = Arrays.stream(weights.get().toInts()).map(w -> w + 128).toArray();
      Shape scales = graph.constant(node.input(1)).orElseThrow().shape();
      int[] zeros = new int[Math.toIntExact(scales.count())];
      Arrays.fill(zeros, 128);
      String zero = node.output() + "_zero";
      constants.put(node.input(0), Tensor.ofIntegers(DType.UINT8, weights.get().shape(), codes));
      constants.put(zero, Tensor.ofIntegers(DType.UINT8, scales, zeros));
      nodes.add(node.withInputs(List.of(node.input(0), node.input(1), zero)));
    }
    return model.withGraph(graph.withNodes(nodes).withInitializers(constants));
  }

  /// All of a model, in graph order. What nothing but moves of integers lies behind counts as a step too.
  static List<OrtStep> of(Model model, Backend runtime) {
    Graph graph = model.graph();
    Map<String, Node> makers = new HashMap<>();
    Map<String, String> realNames = new HashMap<>();
    for (Node node : graph.nodes()) {
      node.outputs().forEach(output -> makers.put(output, node));
      if (node.is("DequantizeLinear") && graph.constant(node.input(0)).isEmpty()) {
        realNames.putIfAbsent(node.input(0), node.output());
      }
    }
    Set<String> fed = new LinkedHashSet<>();
    graph.inputs().forEach(input -> fed.add(input.name()));
    List<OrtStep> steps = new ArrayList<>();
    for (Node node : graph.nodes()) {
      if (node.is("QuantizeLinear")) {
        if (fed.contains(node.input(0))) {
          realNames.put(node.output(), node.input(0)); // its dequantized side has another name
        } else {
          steps.add(between(model, runtime, node, makers, realNames));
        }
      }
    }
    return steps;
  }

  private static OrtStep between(
      Model model,
      Backend runtime,
      Node last,
      Map<String, Node> makers,
      Map<String, String> realNames) {
    Graph graph = model.graph();
    Map<String, String> sources = new HashMap<>();
    Set<Node> needed = new LinkedHashSet<>(List.of(last));
    Deque<String> open = new ArrayDeque<>(last.inputs());
    while (!open.isEmpty()) {
      String value = open.pop();
      Node maker = makers.get(value);
      if (maker == null) {
        continue;
      }
      if (maker.is("QuantizeLinear")) {
        sources.put(value, requireNonNull(realNames.get(value)));
      } else if (needed.add(maker)) {
        open.addAll(Order.reads(maker));
      }
    }
    List<Value> inputs =
        sources.keySet().stream()
            .map(name -> new Value(name, TensorType.ofUnknownRank(DType.UINT8)))
            .toList();
    Graph part =
        new Graph(
            "step",
            graph.nodes().stream().filter(needed::contains).toList(),
            graph.initializers(),
            inputs,
            List.of(new Value(last.output(), Optional.empty(), List.of())),
            List.of(),
            graph.opaque());
    return new OrtStep(
        requireNonNull(realNames.get(last.output())),
        sources,
        runtime.open(model.withGraph(Order.prune(part)), Backend.Options.SERVING));
  }

  /// The integers that ONNX Runtime makes, UINT8.
  ///
  /// @param integers UINT8 by the float model's names
  Tensor run(Map<String, Tensor> integers) {
    Map<String, Tensor> inputs = new HashMap<>();
    sources.forEach((name, real) -> inputs.put(name, requireNonNull(integers.get(real), real)));
    return runner.run(inputs).values().iterator().next();
  }

  @Override
  public void close() {
    runner.close();
  }
}
