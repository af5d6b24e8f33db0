package dev.halftone.prepare;

import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Node;
import dev.halftone.graph.shape.Types;
import dev.halftone.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/// Tells nodes that hand on their first input unchanged in every run.
final class Idle {

  private Idle() {}

  static boolean is(Node node, GraphIndex index, Types types, long opset) {
    if (!node.domain().isEmpty() || !node.hasInput(0) || node.outputs().isEmpty()) {
      return false;
    }
    boolean single =
        node.outputs().stream()
            .skip(1)
            .noneMatch(out -> index.isVisible(out) || !index.consumers(out).isEmpty());
    return single && (!node.output().isEmpty()) && isAlone(node, index, types, opset);
  }

  private static boolean isAlone(Node node, GraphIndex index, Types types, long opset) {
    return switch (node.opType()) {
      case "Identity" -> true;
      case "Dropout" -> !node.hasInput(2) || isAll(node, 2, 0, index);
      case "Cast" ->
          types
              .type(node.input(0))
              .map(type -> type.dtype().code() == node.intAttribute("to", 0))
              .orElse(false);
      case "Concat", "Sum", "Mean", "Max", "Min" -> node.inputs().size() == 1;
      case "Split", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Expand" ->
          keepsShape(node, types);
      case "Tile" -> isAll(node, 1, 1, index);
      case "Transpose" -> isIdentity(node.intsAttribute("perm"));
      case "Pad" ->
          opset < 11
              ? node.intsAttribute("pads").filter(Idle::isZero).isPresent()
              : isAll(node, 1, 0, index);
      case "Slice" ->
          keepsShape(node, types) && (opset < 10 || !node.hasInput(4) || isAll(node, 4, 1, index));
      case "AveragePool", "MaxPool" -> isPointwise(node);
      case "Relu", "Clip" -> isClampedAlready(node, index);
      case "Add", "Sub" -> isNeutral(node, 0, index, types);
      case "Mul", "Div" -> isNeutral(node, 1, index, types);
      default -> false;
    };
  }

  /// True behind the same clamp. LiteRT's default kernels damage the heap where twenty of them follow each other.
  private static boolean isClampedAlready(Node node, GraphIndex index) {
    return index
        .producer(node.input(0))
        .filter(first ->
            first.is(node.opType())
                && first.attributes().equals(node.attributes())
                && behindFirst(first).equals(behindFirst(node)))
        .isPresent();
  }

  private static List<String> behindFirst(Node node) {
    return node.inputs().stream().skip(1).toList();
  }

  private static boolean keepsShape(Node node, Types types) {
    return types.sameShape(node.input(0), node.output());
  }

  private static boolean isIdentity(Optional<List<Long>> perm) {
    if (perm.isEmpty()) {
      return false;
    }
    for (int i = 0; i < perm.get().size(); i++) {
      if (perm.get().get(i) != i) {
        return false;
      }
    }
    return true;
  }

  private static boolean isZero(List<Long> values) {
    return values.stream().allMatch(value -> value == 0);
  }

  /// A pooling window of one element that visits every element.
  private static boolean isPointwise(Node node) {
    return isAllOf(node.intsAttribute("kernel_shape"), 1)
        && node.intsAttribute("strides").map(list -> isAllOf(Optional.of(list), 1)).orElse(true)
        && node.intsAttribute("pads").map(Idle::isZero).orElse(true);
  }

  private static boolean isAllOf(Optional<List<Long>> values, long wanted) {
    return values.isPresent() && values.get().stream().allMatch(value -> value == wanted);
  }

  private static boolean isNeutral(Node node, double neutral, GraphIndex index, Types types) {
    return keepsShape(node, types) && isAll(node, 1, neutral, index);
  }

  /// True where the input is a constant of this number only.
  private static boolean isAll(Node node, int input, double wanted, GraphIndex index) {
    Optional<Tensor> constant = index.constant(node.input(input));
    if (constant.isEmpty()) {
      return false;
    }
    Tensor tensor = constant.get();
    if (tensor.dtype().isFloat()) {
      for (float value : tensor.toFloats()) {
        if (value != wanted) {
          return false;
        }
      }
      return true;
    }
    if (!tensor.dtype().isWhole()) {
      return false;
    }
    for (long value : tensor.toLongs()) {
      if (value != wanted) {
        return false;
      }
    }
    return true;
  }
}
