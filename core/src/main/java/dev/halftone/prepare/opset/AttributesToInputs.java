package dev.halftone.prepare.opset;

import dev.halftone.graph.Attribute;
import dev.halftone.graph.Node;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/// Operations whose attributes became inputs, so that a model can compute them.
final class AttributesToInputs {

  private AttributesToInputs() {}

  /// `axes` of Squeeze, Unsqueeze, ReduceSum (13) and of the other reductions (18). An empty list meant what none means.
  static Node axes(Node node, Scope scope) {
    List<Long> axes = node.intsAttribute("axes").orElse(List.of());
    Node bare = node.without("axes");
    return axes.isEmpty()
        ? bare
        : bare.withInputs(List.of(node.input(0), scope.constant(node, "axes", axes)));
  }

  /// Split to 13: the lengths of the parts.
  static Node splitLengths(Node node, Scope scope) {
    List<Long> lengths = node.intsAttribute("split").orElse(List.of());
    Node bare = node.without("split");
    return lengths.isEmpty()
        ? bare
        : bare.withInputs(List.of(node.input(0), scope.constant(node, "split", lengths)));
  }

  /// Split to 18: parts of equal length are asked for by their number.
  static Node splitCount(Node node, Scope scope) {
    return node.hasInput(1)
        ? node
        : node.withInputs(List.of(node.input(0)))
            .with("num_outputs", new Attribute.Int(node.outputs().size()));
  }

  /// Slice to 10.
  static Node slice(Node node, Scope scope) {
    List<String> inputs = new ArrayList<>();
    inputs.add(node.input(0));
    for (String key : List.of("starts", "ends", "axes")) {
      List<Long> values = node.intsAttribute(key).orElse(List.of());
      if (!values.isEmpty() || !key.equals("axes")) {
        inputs.add(scope.constant(node, key, values));
      }
    }
    return node.without("starts").without("ends").without("axes").withInputs(inputs);
  }

  /// TopK to 10.
  static Node topK(Node node, Scope scope) {
    String k = scope.constant(node, "k", List.of(node.intAttribute("k", 1)));
    return node.without("k").withInputs(List.of(node.input(0), k));
  }

  /// Clip to 11. A bound left out is the lowest or highest number of the type, before and after.
  static Node clip(Node node, Scope scope) {
    boolean hasMin = node.floatAttribute("min", -Float.MAX_VALUE) != -Float.MAX_VALUE;
    boolean hasMax = node.floatAttribute("max", Float.MAX_VALUE) != Float.MAX_VALUE;
    List<String> inputs = new ArrayList<>();
    inputs.add(node.input(0));
    if (hasMin || hasMax) {
      inputs.add(hasMin ? bound(node, scope, "min") : "");
    }
    if (hasMax) {
      inputs.add(bound(node, scope, "max"));
    }
    return node.without("min").without("max").withInputs(inputs);
  }

  private static String bound(Node node, Scope scope, String key) {
    return scope.scalarLike(node, key, node.input(0), node.floatAttribute(key, 0));
  }

  /// Pad to 11.
  static Node pad(Node node, Scope scope) {
    List<String> inputs = new ArrayList<>();
    inputs.add(node.input(0));
    inputs.add(scope.constant(node, "pads", node.intsAttribute("pads").orElse(List.of())));
    float value = node.floatAttribute("value", 0);
    if (value != 0 && node.textAttribute("mode", "constant").equals("constant")) {
      inputs.add(scope.scalarLike(node, "value", node.input(0), value));
    }
    return node.without("pads").without("value").withInputs(inputs);
  }

  /// DFT to 20: the axis, 1 where none was given, becomes an input whose default is -2.
  static Node dft(Node node, Scope scope) {
    Tensor axis = Tensor.of(Shape.SCALAR, node.intAttribute("axis", 1));
    String name = scope.constant(node, "axis", axis);
    return node.without("axis").withInputs(List.of(node.input(0), node.input(1), name));
  }

  /// Dropout to 10: the mask, in the type of the data until then, is BOOL.
  static List<Node> dropoutMaskIsBool(Node node, Scope scope) {
    if (!scope.isRead(node, 1)) {
      return List.of(node.withOutputs(List.of(node.output())));
    }
    String old = node.outputs().get(1);
    String mask = scope.fresh(old + "_bool");
    DType dtype = scope.floatType(node, node.input(0));
    return List.of(
        node.withOutputs(List.of(node.output(), mask)),
        scope.node("Cast", List.of(mask), old).with("to", new Attribute.Int(dtype.code())));
  }

  /// Dropout to 12: the ratio matters in training only. Outside training the mask was left false and is true now.
  static List<Node> dropoutMaskIsTrue(Node node, Scope scope) {
    Node bare = node.without("ratio");
    if (node.outputs().size() < 2 || node.outputs().get(1).isEmpty()) {
      return List.of(bare.withOutputs(List.of(node.output())));
    }
    String old = node.outputs().get(1);
    String mask = scope.fresh(old + "_kept");
    return List.of(
        bare.withOutputs(List.of(node.output(), mask)), scope.node("Not", List.of(mask), old));
  }
}
