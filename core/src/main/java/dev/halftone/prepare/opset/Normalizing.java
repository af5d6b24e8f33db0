package dev.halftone.prepare.opset;

import dev.halftone.graph.Attribute;
import dev.halftone.graph.Node;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/// BatchNormalization, GroupNormalization, and MeanVarianceNormalization.
final class Normalizing {

  private static final List<Long> ANY = List.of(-1L);

  private Normalizing() {}

  /// BatchNormalization to 9: one mean for each feature (`spatial` 0) is no more. Flattened to [N, C*D1*...*Dn], every feature
  /// is a channel.
  static List<Node> spatial(Node node, Scope scope) {
    Node bare = node.without("spatial");
    if (node.intAttribute("spatial", 1) != 0) {
      return List.of(bare);
    }
    if (trains(node)) {
      throw scope.refuse(
          node,
          "it trains with spatial = 0, which opset 9 dropped",
          "export the model for inference");
    }
    List<Node> nodes = new ArrayList<>();
    String flat = scope.fresh(node.output() + "_flat");
    String shape = scope.fresh(node.output() + "_shape");
    String normal = scope.fresh(node.output() + "_normal");
    nodes.add(
        scope.node("Flatten", List.of(node.input(0)), flat).with("axis", new Attribute.Int(1)));
    List<String> inputs = new ArrayList<>(List.of(flat));
    for (int i = 1; i < 5; i++) {
      String vector = scope.fresh(node.input(i) + "_flat");
      nodes.add(
          scope.node(
              "Reshape", List.of(node.input(i), scope.constant(node, "vector", ANY)), vector));
      inputs.add(vector);
    }
    nodes.add(bare.withInputs(inputs).withOutputs(List.of(normal)));
    nodes.add(scope.node("Shape", List.of(node.input(0)), shape));
    nodes.add(scope.node("Reshape", List.of(normal, shape), node.output()));
    return nodes;
  }

  /// BatchNormalization to 14: what it trains is said by an attribute, no longer by the number of outputs, and the saved mean
  /// and variance are gone.
  static Node training(Node node, Scope scope) {
    if (!trains(node)) {
      return node.withOutputs(List.of(node.output()));
    }
    if (scope.isRead(node, 3) || scope.isRead(node, 4)) {
      throw scope.refuse(
          node,
          "its outputs saved_mean and saved_var, which opset 14 dropped, are read",
          "export the model for inference");
    }
    List<String> outputs = new ArrayList<>(List.of(node.output()));
    for (int i = 1; i < 3; i++) {
      boolean named = i < node.outputs().size() && !node.outputs().get(i).isEmpty();
      outputs.add(named ? node.outputs().get(i) : scope.fresh(node.output() + "_running" + i));
    }
    return node.withOutputs(outputs).with("training_mode", new Attribute.Int(1));
  }

  private static boolean trains(Node node) {
    return node.outputs().stream().skip(1).anyMatch(output -> !output.isEmpty());
  }

  /// GroupNormalization to 21: scale and bias have one element for each channel, where they had one for each group.
  static List<Node> groups(Node node, Scope scope) {
    long groups = node.intAttribute("num_groups", 1);
    String channels = scope.fresh(node.output() + "_channels");
    String width = scope.fresh(node.output() + "_width");
    String spread = scope.fresh(node.output() + "_spread");
    String count = scope.constant(node, "groups", List.of(groups));
    List<Node> nodes = new ArrayList<>();
    nodes.add(
        scope
            .node("Shape", List.of(node.input(0)), channels)
            .with("start", new Attribute.Int(1))
            .with("end", new Attribute.Int(2)));
    nodes.add(scope.node("Div", List.of(channels, count), width));
    nodes.add(
        scope.node("Concat", List.of(count, width), spread).with("axis", new Attribute.Int(0)));
    List<String> inputs = new ArrayList<>(List.of(node.input(0)));
    for (int i = 1; i < 3; i++) {
      String column = scope.fresh(node.input(i) + "_column");
      String grid = scope.fresh(node.input(i) + "_grid");
      String each = scope.fresh(node.input(i) + "_each");
      String columns = scope.constant(node, "column", List.of(groups, 1L));
      nodes.add(scope.node("Reshape", List.of(node.input(i), columns), column));
      nodes.add(scope.node("Expand", List.of(column, spread), grid));
      nodes.add(scope.node("Reshape", List.of(grid, scope.constant(node, "vector", ANY)), each));
      inputs.add(each);
    }
    Node raised = node.withInputs(inputs);
    boolean wide = scope.type(node.input(0)).filter(t -> t.dtype() == DType.DOUBLE).isPresent();
    // the first stage, computed in the type of the data until then, is computed in float where
    // nothing is said
    nodes.add(wide ? raised.with("stash_type", new Attribute.Int(DType.DOUBLE.code())) : raised);
    return nodes;
  }

  /// MeanVarianceNormalization to 9, where it is no longer experimental.
  static Node meanVariance(Node node, Scope scope) {
    if (node.intAttribute("normalize_variance", 1) == 0) {
      throw scope.refuse(
          node,
          "opset 9 always divides by the deviation",
          "replace the node by ReduceMean and Sub");
    }
    Node bare = node.without("normalize_variance").without("across_channels");
    return node.intAttribute("across_channels", 0) == 0
        ? bare
        : bare.with("axes", Attribute.Ints.of(0, 1, 2, 3));
  }

  /// ImageScaler, experimental, gone in 10: `x * scale + bias[channel]`, x being N x C x H x W.
  static List<Node> imageScaler(Node node, Scope scope) {
    List<Float> bias =
        node.attributes().get("bias") instanceof Attribute.Floats(List<Float> values)
            ? values
            : List.of();
    float[] shift = new float[bias.size()];
    for (int i = 0; i < shift.length; i++) {
      shift[i] = bias.get(i);
    }
    DType dtype = scope.floatType(node, node.input(0));
    Tensor perChannel = Scope.floats(dtype, new Shape(1, shift.length, 1, 1), shift);
    String factor = scope.scalarLike(node, "scale", node.input(0), node.floatAttribute("scale", 1));
    String scaled = scope.fresh(node.output() + "_scaled");
    return List.of(
        scope.node("Mul", List.of(node.input(0), factor), scaled),
        scope.node(
            "Add", List.of(scaled, scope.constant(node, "bias", perChannel)), node.output()));
  }
}
