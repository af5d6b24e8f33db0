package dev.halftone.format.c;

import dev.halftone.integer.Clamp;
import dev.halftone.integer.IntegerGraph;
import dev.halftone.integer.IntegerOp;
import dev.halftone.integer.IntegerTensor;
import dev.halftone.scheme.FixedPoint;
import dev.halftone.tensor.Shape;
import java.util.Arrays;
import java.util.stream.Collectors;

/// The numbers of operations on two tensors as C structures, each given by its address.
record CNumbers(IntegerGraph graph, CConstants constants) {

  String of(IntegerOp.Sum sum) {
    return "&"
        + constants.struct(
            "ht_add_numbers",
            36,
            "add",
            "{%s, %s, %s, %s, %d}"
                .formatted(
                    factor(sum.left()),
                    factor(sum.right()),
                    factor(sum.sum()),
                    ends(sum, sum.clamp()),
                    sum.sign()));
  }

  String of(IntegerOp.PRelu prelu) {
    return "&"
        + constants.struct(
            "ht_prelu_numbers",
            24,
            "prelu",
            "{%s, %s, %s}"
                .formatted(factor(prelu.positive()), factor(prelu.negative()), zeroPoints(prelu)));
  }

  String of(IntegerOp.MatMul product) {
    IntegerTensor first = graph.tensor(product.first());
    return "&"
        + constants.struct(
            "ht_matmul_numbers",
            28,
            "matmul",
            "{%d, %d, %d, %s, %s}"
                .formatted(
                    first.dim(-2),
                    first.dim(-1),
                    graph.tensor(product.second()).dim(-1),
                    factor(product.rescale()),
                    zeroPoints(product)));
  }

  String of(IntegerOp.Mul mul) {
    return "&"
        + constants.struct(
            "ht_mul_numbers",
            20,
            "mul",
            "{%s, %s}".formatted(factor(mul.rescale()), ends(mul, mul.clamp())));
  }

  static String factor(FixedPoint factor) {
    return factor.multiplier() + ", " + factor.shift();
  }

  private String ends(IntegerOp op, Clamp clamp) {
    return zeroPoints(op) + ", " + clamp.min() + ", " + clamp.max();
  }

  /// Of both operands and of the result.
  private String zeroPoints(IntegerOp op) {
    return "%d, %d, %d"
        .formatted(
            graph.tensor(op.inputs().get(0)).zeroPoint(),
            graph.tensor(op.inputs().get(1)).zeroPoint(),
            graph.tensor(op.output()).zeroPoint());
  }

  String broadcast(IntegerOp op) {
    return broadcast(
        graph.tensor(op.output()).shape(),
        graph.tensor(op.inputs().get(0)).shape(),
        graph.tensor(op.inputs().get(1)).shape());
  }

  String matrices(IntegerOp.MatMul product) {
    return broadcast(
        graph.tensor(product.output()).shape().withoutLast(2),
        graph.tensor(product.first()).shape().withoutLast(2),
        graph.tensor(product.second()).shape().withoutLast(2));
  }

  private String broadcast(Shape out, Shape first, Shape second) {
    Axes axes = Axes.of(out, first.broadcastStrides(), second.broadcastStrides());
    String numbers =
        "{{%s}, {%s}, {%s}}"
            .formatted(list(axes.extent()), list(axes.first()), list(axes.second()));
    return "&" + constants.struct("ht_broadcast", 48, "broadcast", numbers);
  }

  private static String list(int[] values) {
    return Arrays.stream(values).mapToObj(Integer::toString).collect(Collectors.joining(", "));
  }
}
