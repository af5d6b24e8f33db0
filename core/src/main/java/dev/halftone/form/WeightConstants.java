package dev.halftone.form;

import dev.halftone.graph.GraphEdit;
import dev.halftone.graph.Node;
import dev.halftone.scheme.QuantizedType;
import dev.halftone.scheme.QuantizedWeight;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// Integer weights in a file and what is made of them there, each part added once, when it is first asked for.
public final class WeightConstants {

  private final GraphEdit edit;
  private final SharedConstants shared;
  private final QuantizedWeight weight;
  private final String name;
  private final String stored;
  private final Map<String, String> made = new HashMap<>();
  private Optional<WeightConstants> turned = Optional.empty();
  private String integers = "";
  private String scale = "";

  /// @param stored what the constant with the integers is called
  /// @param name what is made of them is called, or nearly
  public WeightConstants(
      GraphEdit edit, SharedConstants shared, QuantizedWeight weight, String stored, String name) {
    this.edit = edit;
    this.shared = shared;
    this.weight = weight;
    this.stored = stored;
    this.name = name;
  }

  /// The same where the integers stand in the file already.
  ///
  /// @param other the name of an INT8 value of the weights' shape
  public WeightConstants readFrom(String other) {
    WeightConstants reading = new WeightConstants(edit, shared, weight, stored, name);
    reading.integers = other;
    return reading;
  }

  /// The same of the transposed matrix.
  public WeightConstants transposed() {
    if (turned.isEmpty()) {
      turned = Optional.of(new WeightConstants(edit, shared, weight.transposed(), stored, name));
    }
    return turned.get();
  }

  GraphEdit edit() {
    return edit;
  }

  public QuantizedWeight weight() {
    return weight;
  }

  String name() {
    return name;
  }

  /// The name of a small constant that others may read too.
  String shared(String wanted, Tensor tensor) {
    return shared.add(wanted, tensor);
  }

  /// The name of an INT8 value of the weights' shape.
  public String integers() {
    if (integers.isEmpty()) {
      integers = new WeightStorage(edit, shared).add(stored, name + "_q", weight);
    }
    return integers;
  }

  /// The integers in the narrowest type that a runtime reads as they are: INT4 where they have 4 bits, else INT8.
  String narrowest() {
    if (integers.isEmpty() && weight.grid().type().equals(QuantizedType.weight(4))) {
      integers = edit.addConstant(stored, WeightStorage.nibbles(weight));
    }
    return integers();
  }

  /// What scales of these weights are called, or nearly.
  public String scaleName() {
    return name + "_scale";
  }

  /// The name of the scales, FLOAT [scales].
  public String scale() {
    if (scale.isEmpty()) {
      scale = edit.addConstant(name + "_scale", Tensor.vector(weight.grid().scales()));
    }
    return scale;
  }

  /// Adds the scales with as many axes as the weights have, and gives their name.
  String addScales() {
    Shape along = weight.grid().granularity().scales(weight.shape());
    return edit.addConstant(name + "_scale", Tensor.of(along, weight.grid().scales()));
  }

  /// The zero points of symmetric weights, INT8 [scales].
  String zeros() {
    int count = weight.grid().scales().length;
    return shared.add("zeros", Tensor.ofIntegers(DType.INT8, new Shape(count), new int[count]));
  }

  /// True of the same integers under the same scales.
  public boolean holds(QuantizedWeight other) {
    return weight == other
        || weight.grid().equals(other.grid()) && Arrays.equals(weight.values(), other.values());
  }

  /// What is made of the weights, made once.
  ///
  /// @param what the text of the form that makes it
  String once(String what, Supplier<String> making) {
    String known = made.get(what);
    if (known == null) {
      known = making.get();
      made.put(what, known);
    }
    return known;
  }

  /// Adds a node without outputs, and gives what it makes the name `wanted`, or nearly.
  String add(Node node, String wanted) {
    return new AddedNodes(edit).add(node, wanted);
  }

  static Node reading(Node node, int input, String weights) {
    List<String> inputs = new ArrayList<>(node.inputs());
    inputs.set(input, weights);
    return node.withInputs(inputs);
  }
}
