package dev.halftone.prepare.opset;

import dev.halftone.graph.Attribute;
import dev.halftone.graph.Node;
import java.util.List;

/// Operations that were experimental and gone in opset 10, in the terms of those that stayed. Old exports of Caffe2 and Core ML
/// have them.
final class Experimental {

  private Experimental() {}

  /// `alpha * x + beta`.
  static List<Node> affine(Node node, Scope scope) {
    String scaled = scope.fresh(node.output() + "_scaled");
    return List.of(
        scope.node("Mul", List.of(node.input(0), factor(node, scope, "alpha", 1)), scaled),
        scope.node("Add", List.of(scaled, factor(node, scope, "beta", 0)), node.output()));
  }

  /// `scale * x`.
  static List<Node> scale(Node node, Scope scope) {
    return List.of(
        scope.node("Mul", List.of(node.input(0), factor(node, scope, "scale", 1)), node.output()));
  }

  /// `alpha * tanh(beta * x)`.
  static List<Node> scaledTanh(Node node, Scope scope) {
    return between(node, scope, "Tanh");
  }

  /// `alpha * softplus(beta * x)`.
  static List<Node> parametricSoftplus(Node node, Scope scope) {
    return between(node, scope, "Softplus");
  }

  private static List<Node> between(Node node, Scope scope, String op) {
    String scaled = scope.fresh(node.output() + "_scaled");
    String bent = scope.fresh(node.output() + "_bent");
    return List.of(
        scope.node("Mul", List.of(node.input(0), factor(node, scope, "beta", 1)), scaled),
        scope.node(op, List.of(scaled), bent),
        scope.node("Mul", List.of(bent, factor(node, scope, "alpha", 1)), node.output()));
  }

  private static String factor(Node node, Scope scope, String key, float otherwise) {
    if (!(node.attributes().get(key) instanceof Attribute.Float)) {
      throw scope.refuse(node, "it has no attribute " + key, "export the model with opset 10");
    }
    return scope.scalarLike(node, key, node.input(0), node.floatAttribute(key, otherwise));
  }

  static List<Node> gone(Node node, Scope scope) {
    throw scope.refuse(
        node,
        "opset 10 dropped this experimental operation",
        "export the model anew with opset 13 or later");
  }
}
