package dev.halftone.testing;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.halftone.UnusableInputException;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/// Positions of elements in row-major order, and what moves elements from one to another.
final class Positions {

  private Positions() {}

  /// For each element of `shape` in order, where a walk with these strides finds it.
  static int[] walk(Shape shape, int[] strides, int first) {
    int[] at = new int[Math.toIntExact(shape.count())];
    int[] coordinates = new int[shape.rank()];
    int position = first;
    for (int i = 0; i < at.length; i++) {
      at[i] = position;
      for (int axis = coordinates.length - 1; axis >= 0; axis--) {
        position += strides[axis];
        if (++coordinates[axis] < shape.dim(axis)) {
          break;
        }
        position -= strides[axis] * coordinates[axis];
        coordinates[axis] = 0;
      }
    }
    return at;
  }

  /// For each element of `to` the one of `from` that is broadcast there.
  static int[] broadcast(Shape from, Shape to) {
    int[] aligned = new int[to.rank()];
    int[] strides = from.broadcastStrides();
    System.arraycopy(strides, 0, aligned, to.rank() - from.rank(), from.rank());
    return walk(to, aligned, 0);
  }

  /// The shape that both are broadcast to.
  static Shape broadcastShape(Shape a, Shape b) {
    long[] dims = new long[Math.max(a.rank(), b.rank())];
    for (int i = 1; i <= dims.length; i++) {
      long one = i <= a.rank() ? a.dim(-i) : 1;
      long two = i <= b.rank() ? b.dim(-i) : 1;
      if (one != two && one != 1 && two != 1) {
        throw new UnusableInputException(a + " and " + b + " do not broadcast");
      }
      dims[dims.length - i] = one == 1 ? two : one;
    }
    return new Shape(dims);
  }

  /// A tensor whose element number i is element `at[i]` of another one; zero where that is negative.
  static Tensor take(Tensor from, Shape shape, int[] at) {
    int bits = from.dtype().bits();
    if (bits < 8) {
      int[] values = from.toInts();
      int[] taken = new int[at.length];
      for (int i = 0; i < at.length; i++) {
        taken[i] = at[i] < 0 ? 0 : values[at[i]];
      }
      return Tensor.ofIntegers(from.dtype(), shape, taken);
    }
    int width = bits / 8;
    byte[] bytes = from.toBytes();
    byte[] taken = new byte[at.length * width];
    for (int i = 0; i < at.length; i++) {
      if (at[i] >= 0) {
        System.arraycopy(bytes, at[i] * width, taken, i * width, width);
      }
    }
    Tensor tensor = Tensor.allocate(from.dtype(), shape);
    MemorySegment.copy(taken, 0, tensor.data(), JAVA_BYTE, 0, taken.length);
    return tensor;
  }
}
