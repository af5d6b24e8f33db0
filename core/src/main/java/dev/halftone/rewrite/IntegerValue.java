package dev.halftone.rewrite;

import dev.halftone.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// Where a value of the float model is found in the integer graph.
///
/// @param tensor number of the tensor
/// @param shape as in the float model
/// @param order axis i as stored is axis `order[i]` of the float model's
/// @param flattened what this is the flattening of, where the elements still lie in that one's order: a linear layer that reads them
///     can permute its weights instead
record IntegerValue(
    int tensor, Shape shape, List<Integer> order, Optional<IntegerValue> flattened) {

  IntegerValue {
    order = List.copyOf(order);
  }

  static IntegerValue of(int tensor, Shape shape, List<Integer> order) {
    return new IntegerValue(tensor, shape, order, Optional.empty());
  }

  /// As the float model has it.
  static List<Integer> plain(int rank) {
    return IntStream.range(0, rank).boxed().toList();
  }

  /// Channels innermost: NHWC.
  static List<Integer> channelsLast(int rank) {
    if (rank < 3) {
      return plain(rank);
    }
    List<Integer> order = new ArrayList<>(List.of(0));
    for (int axis = 2; axis < rank; axis++) {
      order.add(axis);
    }
    order.add(1);
    return order;
  }

  static Shape permuted(Shape shape, List<Integer> order) {
    return new Shape(order.stream().mapToLong(shape::dim).toArray());
  }

  Shape storedShape() {
    return permuted(shape, order);
  }

  /// Where the float model's axis (negative counts from the end) lies as stored.
  int axis(int logical) {
    return order.indexOf(logical < 0 ? logical + shape.rank() : logical);
  }

  /// True where another order leaves every element where it is.
  boolean isAlso(List<Integer> other) {
    return significant(order).equals(significant(other));
  }

  private List<Integer> significant(List<Integer> axes) {
    return axes.stream().filter(axis -> shape.dim(axis) != 1).toList();
  }

  /// Values given for the float model's axes, in the order of the stored ones.
  List<Integer> arranged(int[] byAxis) {
    return order.stream().map(axis -> byAxis[axis]).toList();
  }

  /// For each stored element of what was flattened its position in the float model's order.
  int[] positions() {
    int[] strides = shape.strides();
    int[] positions = new int[Math.toIntExact(shape.count())];
    for (int i = 0; i < positions.length; i++) {
      long rest = i;
      long position = 0;
      for (int k = order.size() - 1; k >= 0; k--) {
        int axis = order.get(k);
        position += rest % shape.dim(axis) * strides[axis];
        rest /= shape.dim(axis);
      }
      positions[i] = Math.toIntExact(position);
    }
    return positions;
  }
}
