package dev.halftone.graph.shape;

import dev.halftone.graph.Node;
import dev.halftone.tensor.Shape;
import java.util.Optional;
import java.util.Set;

/// Multiply-accumulates of a node.
public final class Work {

  /// Operations that sum products of what they read with weights.
  public static final Set<String> WEIGHTED =
      Set.of("Conv", "ConvTranspose", "Gemm", "MatMul", "LSTM", "GRU", "RNN");

  private Work() {}

  /// 0 for operations that are no sums of products, and where a shape is not known; the largest number where no long holds it.
  public static long macs(Node node, Types types) {
    return switch (node.opType()) {
      case "Conv", "ConvInteger", "FusedConv" -> convolution(node, 0, 1, types);
      case "QLinearConv" -> convolution(node, 0, 3, types);
      case "ConvTranspose" -> transposed(node, types);
      case "Gemm" -> product(node, node.intAttribute("transA", 0) == 0 ? -1 : 0, types);
      case "MatMul", "MatMulInteger", "QLinearMatMul", "FusedMatMul" -> product(node, -1, types);
      case "LSTM", "GRU", "RNN" -> recurrent(node, types);
      default -> 0;
    };
  }

  /// Every output element sums over the weights of its channel, `[outC][inC/group][k...]`.
  private static long convolution(Node node, int input, int weight, Types types) {
    Optional<Shape> out = shape(node, types);
    Optional<Shape> weights = types.shape(node.input(weight));
    if (out.isEmpty()
        || weights.isEmpty()
        || weights.get().rank() == 0
        || types.rank(node.input(input)) < 3) {
      return 0;
    }
    long channels = weights.get().dim(0);
    return channels == 0 ? 0 : times(out.get().count(), weights.get().count() / channels);
  }

  /// Every input element is multiplied with the weights of its channel, `[inC][outC/group][k...]`.
  private static long transposed(Node node, Types types) {
    Optional<Shape> in = types.shape(node.input(0));
    Optional<Shape> weights = types.shape(node.input(1));
    if (in.isEmpty()
        || weights.isEmpty()
        || weights.get().rank() == 0
        || weights.get().dim(0) == 0) {
      return 0;
    }
    return times(in.get().count(), weights.get().count() / weights.get().dim(0));
  }

  private static long product(Node node, int inner, Types types) {
    Optional<Shape> out = shape(node, types);
    Optional<Shape> in = types.shape(node.input(0));
    return out.isEmpty() || in.isEmpty() || in.get().rank() == 0
        ? 0
        : times(out.get().count(), in.get().dim(inner));
  }

  /// Each step multiplies input and recurrence weights, `[directions][gates*hidden][...]`, once for each example.
  private static long recurrent(Node node, Types types) {
    Optional<Shape> in = types.shape(node.input(0));
    Optional<Shape> w = types.shape(node.input(1));
    Optional<Shape> r = types.shape(node.input(2));
    if (in.isEmpty() || w.isEmpty() || r.isEmpty() || in.get().rank() != 3) {
      return 0;
    }
    long steps = times(in.get().dim(0), in.get().dim(1));
    return times(steps, w.get().count() + r.get().count());
  }

  /// The sum of two counts, or the largest number where it is larger.
  public static long plus(long a, long b) {
    return a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b;
  }

  /// The product, or the largest number where it is larger.
  private static long times(long a, long b) {
    return Math.multiplyHigh(a, b) != 0 || a * b < 0 ? Long.MAX_VALUE : a * b;
  }

  private static Optional<Shape> shape(Node node, Types types) {
    return node.outputs().isEmpty() ? Optional.empty() : types.shape(node.output());
  }
}
