package dev.halftone.engine.integer;

import dev.halftone.tensor.Shape;
import java.util.Arrays;

/// A walk over a tensor in row-major order, with a second position that moves by a step of its own along each axis.
final class StridedWalk {

  private StridedWalk() {}

  interface Visitor {
    void at(int element, int position);
  }

  static void over(Shape shape, int[] step, Visitor visitor) {
    int rank = shape.rank();
    int count = Math.toIntExact(shape.count());
    int[] index = new int[rank];
    int position = 0;
    for (int i = 0; i < count; i++) {
      visitor.at(i, position);
      for (int axis = rank - 1; axis >= 0; axis--) {
        position += step[axis];
        if (++index[axis] < shape.dim(axis)) {
          break;
        }
        position -= index[axis] * step[axis];
        index[axis] = 0;
      }
    }
  }

  /// For each element of a result the element of an operand that belongs to it; an extent of 1 is repeated.
  static int[] positions(Shape operand, Shape result) {
    int[] positions = new int[Math.toIntExact(result.count())];
    if (operand.equals(result)) {
      Arrays.setAll(positions, i -> i);
      return positions;
    }
    over(result, operand.broadcastStrides(), (i, at) -> positions[i] = at);
    return positions;
  }
}
