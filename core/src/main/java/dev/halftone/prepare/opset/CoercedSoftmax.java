package dev.halftone.prepare.opset;

import dev.halftone.graph.Attribute;
import dev.halftone.graph.Dim;
import dev.halftone.graph.Node;
import dev.halftone.graph.TensorType;
import java.util.List;
import java.util.Optional;

/// Softmax, LogSoftmax and Hardmax to 13.
///
/// Until then the input was coerced to a matrix, `axis` (1 where not given) being the first of the axes that make its columns;
/// from then on `axis` is the one axis it runs along.
final class CoercedSoftmax {

  private CoercedSoftmax() {}

  static List<Node> rewrite(Node node, Scope scope) {
    long axis = node.intAttribute("axis", 1);
    if (runsAlongOneAxis(axis, scope.type(node.input(0)))) {
      return List.of(node.with("axis", new Attribute.Int(axis)));
    }
    String matrix = scope.fresh(node.output() + "_matrix");
    String result = scope.fresh(node.output() + "_columns");
    String shape = scope.fresh(node.output() + "_shape");
    Node reshape = scope.node("Reshape", List.of(result, shape), node.output());
    return List.of(
        scope.node("Shape", List.of(node.input(0)), shape),
        scope.node("Flatten", List.of(node.input(0)), matrix).with("axis", new Attribute.Int(axis)),
        node.with("axis", new Attribute.Int(-1))
            .withInputs(List.of(matrix))
            .withOutputs(List.of(result)),
        // an extent of 0 is copied from the input unless it is said, from 14 on, to be 0
        scope.target() >= 14 ? reshape.with("allowzero", new Attribute.Int(1)) : reshape);
  }

  /// True where every axis behind `axis` has one element, so that the columns are those of that axis.
  private static boolean runsAlongOneAxis(long axis, Optional<TensorType> type) {
    if (axis == -1) {
      return true;
    }
    Optional<List<Dim>> dims = type.flatMap(TensorType::dims);
    if (dims.isEmpty()) {
      return false;
    }
    long first = axis < 0 ? axis + dims.get().size() : axis;
    return first >= 0
        && first < dims.get().size()
        && dims.get().stream().skip(first + 1).allMatch(dim -> dim.size() == 1);
  }
}
