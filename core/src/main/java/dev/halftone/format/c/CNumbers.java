package dev.halftone.format.c;

import dev.halftone.integer.IntegerGraph;
import dev.halftone.integer.IntegerOp;
import dev.halftone.scheme.FixedPoint;
import dev.halftone.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The numbers of operations as C structures, each given by its address.
record CNumbers(IntegerGraph graph, CConstants constants) {

  /// The structure `ht_KERNEL_numbers`: int32 numbers, among them what the operation rescales with, then int16 ones, among them the
  /// zero points of what it reads and makes.
  ///
  /// @param ahead int32, before the factors
  /// @param behind int16, after the zero points
  String of(String kernel, IntegerOp op, List<Integer> ahead, List<Integer> behind) {
    List<Integer> wide = new ArrayList<>(ahead);
    for (FixedPoint factor : op.factors()) {
      wide.add(factor.multiplier());
      wide.add(factor.shift());
    }
    List<Integer> narrow = new ArrayList<>();
    op.inputs().forEach(input -> narrow.add(graph.tensor(input).zeroPoint()));
    narrow.add(graph.tensor(op.output()).zeroPoint());
    narrow.addAll(behind);
    int words = wide.size() + Math.ceilDiv(narrow.size(), 2);
    String numbers =
        Stream.concat(wide.stream(), narrow.stream())
            .map(String::valueOf)
            .collect(Collectors.joining(", ", "{", "}"));
    return "&" + constants.struct("ht_" + kernel + "_numbers", 4 * words, kernel, numbers);
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
