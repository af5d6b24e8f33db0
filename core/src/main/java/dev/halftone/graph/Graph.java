package dev.halftone.graph;

import dev.halftone.tensor.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A network, or a subgraph of one: nodes in an order in which they can run, constants, and what flows in and out.
///
/// @param initializers constants by name, in file order; an input of the same name makes the constant a default
/// @param valueInfo declared types of values inside
/// @param opaque fields of the file that are not interpreted (string and sparse initializers, doc strings, ...)
public record Graph(
    String name,
    List<Node> nodes,
    Map<String, Tensor> initializers,
    List<Value> inputs,
    List<Value> outputs,
    List<Value> valueInfo,
    List<Opaque> opaque) {

  public Graph {
    nodes = List.copyOf(nodes);
    initializers = Collections.unmodifiableMap(new LinkedHashMap<>(initializers));
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    valueInfo = List.copyOf(valueInfo);
    opaque = List.copyOf(opaque);
  }

  /// The constant of this name, where it is one that no caller can override.
  public Optional<Tensor> constant(String value) {
    return Optional.ofNullable(initializers.get(value))
        .filter(_ -> inputs.stream().noneMatch(in -> in.name().equals(value)));
  }

  /// Inputs that have no default: what a caller must feed.
  public List<Value> requiredInputs() {
    return inputs.stream().filter(in -> !initializers.containsKey(in.name())).toList();
  }

  public Graph withNodes(List<Node> other) {
    return new Graph(name, other, initializers, inputs, outputs, valueInfo, opaque);
  }

  public Graph withOutputs(List<Value> other) {
    return new Graph(name, nodes, initializers, inputs, other, valueInfo, opaque);
  }

  public Graph withInitializers(Map<String, Tensor> other) {
    return new Graph(name, nodes, other, inputs, outputs, valueInfo, opaque);
  }
}
