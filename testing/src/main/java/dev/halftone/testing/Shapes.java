package dev.halftone.testing;

import dev.halftone.graph.Attribute;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;

/// Operations on shapes: elements stay where they are.
final class Shapes {

  private Shapes() {}

  static Tensor constant(Call call) {
    if (call.node().attributes().get("value") instanceof Attribute.TensorValue(Tensor value)) {
      return value;
    }
    throw call.unsupported("attributes " + call.node().attributes().keySet());
  }

  /// One element, zero where none is given, as often as the shape says.
  static Tensor constantOfShape(Call call) {
    Tensor element =
        call.node().attributes().get("value") instanceof Attribute.TensorValue(Tensor value)
            ? value
            : Tensor.vector(0f);
    Shape shape = new Shape(call.in(0).toLongs());
    return Positions.take(element, shape, new int[Math.toIntExact(shape.count())]);
  }

  static Tensor shape(Call call) {
    long[] dims = call.shape(0).dims();
    int start = position(call.integer("start", 0), dims.length);
    int end = position(call.integer("end", dims.length), dims.length);
    return Tensor.vector(Arrays.copyOfRange(dims, start, Math.max(start, end)));
  }

  private static int position(int given, int rank) {
    return Math.clamp(given < 0 ? given + rank : given, 0, rank);
  }

  static Tensor reshape(Call call) {
    Shape from = call.shape(0);
    long[] wanted = call.in(1).toLongs();
    int open = -1;
    long known = 1;
    for (int axis = 0; axis < wanted.length; axis++) {
      if (wanted[axis] == 0 && !call.flag("allowzero", false)) {
        wanted[axis] = from.dim(axis);
      }
      if (wanted[axis] < 0) {
        open = axis;
      } else {
        known *= wanted[axis];
      }
    }
    if (open >= 0) {
      wanted[open] = from.count() / known;
    }
    return call.in(0).reshape(new Shape(wanted));
  }

  static Tensor flatten(Call call) {
    Shape from = call.shape(0);
    long[] dims = from.dims();
    long rows = Arrays.stream(dims, 0, call.axis(1, dims.length)).reduce(1, (a, b) -> a * b);
    return call.in(0).reshape(new Shape(rows, from.count() / rows));
  }

  static Tensor squeeze(Call call) {
    Shape from = call.shape(0);
    Optional<int[]> axes = call.ints(1, "axes");
    long[] dims =
        IntStream.range(0, from.rank())
            .filter(axis ->
                axes.isEmpty() ? from.dim(axis) > 1 : !contains(axes.get(), axis, from.rank()))
            .mapToLong(from::dim)
            .toArray();
    return call.in(0).reshape(new Shape(dims));
  }

  static Tensor unsqueeze(Call call) {
    Shape from = call.shape(0);
    int[] axes = call.ints(1);
    long[] dims = new long[from.rank() + axes.length];
    int next = 0;
    for (int axis = 0; axis < dims.length; axis++) {
      dims[axis] = contains(axes, axis, dims.length) ? 1 : from.dim(next++);
    }
    return call.in(0).reshape(new Shape(dims));
  }

  private static boolean contains(int[] axes, int axis, int rank) {
    return Arrays.stream(axes).anyMatch(given -> given == axis || given + rank == axis);
  }
}
