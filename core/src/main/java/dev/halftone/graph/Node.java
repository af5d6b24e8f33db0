package dev.halftone.graph;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One operation of the graph.
///
/// @param name may be empty; ONNX does not ask for it
/// @param domain the operator set; empty is the standard one (`ai.onnx` is read as empty)
/// @param inputs names of values; an empty name is an optional input left out
/// @param opaque fields of the file that are not interpreted
public record Node(
    String name,
    String opType,
    String domain,
    List<String> inputs,
    List<String> outputs,
    Map<String, Attribute> attributes,
    List<Opaque> opaque) {

  public Node {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
    opaque = List.copyOf(opaque);
  }

  /// A node of the standard domain.
  public static Node of(String opType, String name, List<String> inputs, List<String> outputs) {
    return new Node(name, opType, "", inputs, outputs, Map.of(), List.of());
  }

  /// True of this operation of the standard domain.
  public boolean is(String op) {
    return domain.isEmpty() && opType.equals(op);
  }

  /// Name of the operation as a reader knows it, with the domain before it where that is not the standard one.
  public String operation() {
    return domain.isEmpty() ? opType : domain + "." + opType;
  }

  /// The graphs among the attributes: branches of an If, the body of a Loop or Scan.
  public List<Graph> bodies() {
    List<Graph> bodies = new ArrayList<>();
    for (Attribute attribute : attributes.values()) {
      if (attribute instanceof Attribute.Subgraph(Graph body)) {
        bodies.add(body);
      }
    }
    return bodies;
  }

  /// Name of the `i`-th input; empty where it is left out.
  public String input(int i) {
    return i < inputs.size() ? inputs.get(i) : "";
  }

  public boolean hasInput(int i) {
    return !input(i).isEmpty();
  }

  /// Name of the first output.
  public String output() {
    return outputs.getFirst();
  }

  public long intAttribute(String key, long otherwise) {
    return attributes.get(key) instanceof Attribute.Int(long value) ? value : otherwise;
  }

  public float floatAttribute(String key, float otherwise) {
    return attributes.get(key) instanceof Attribute.Float(float value) ? value : otherwise;
  }

  public String textAttribute(String key, String otherwise) {
    return attributes.get(key) instanceof Attribute.Text(String value) ? value : otherwise;
  }

  public Optional<List<Long>> intsAttribute(String key) {
    return attributes.get(key) instanceof Attribute.Ints(List<Long> values)
        ? Optional.of(values)
        : Optional.empty();
  }

  public Node withName(String other) {
    return new Node(other, opType, domain, inputs, outputs, attributes, opaque);
  }

  public Node withInputs(List<String> other) {
    return new Node(name, opType, domain, other, outputs, attributes, opaque);
  }

  public Node withOutputs(List<String> other) {
    return new Node(name, opType, domain, inputs, other, attributes, opaque);
  }

  public Node withAttributes(Map<String, Attribute> other) {
    return new Node(name, opType, domain, inputs, outputs, other, opaque);
  }

  public Node with(String key, Attribute value) {
    Map<String, Attribute> other = new LinkedHashMap<>(attributes);
    other.put(key, value);
    return withAttributes(other);
  }

  public Node without(String key) {
    Map<String, Attribute> other = new LinkedHashMap<>(attributes);
    other.remove(key);
    return withAttributes(other);
  }

  /// How to speak of this node to a reader: its name, or its operation and output where it has none.
  public String label() {
    return name.isEmpty() ? opType + " -> " + (outputs.isEmpty() ? "nothing" : output()) : name;
  }

  @Override
  public String toString() {
    return operation() + " " + label() + " " + inputs + " -> " + outputs;
  }
}
