package dev.halftone.format.c;

import dev.halftone.UnsupportedModelException;
import dev.halftone.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/// A walk over a tensor with the steps of two others along its axes, brought to four axes: those of extent 1 are left out, neighbours
/// that can be walked as one are joined.
///
/// @param extent [4]
/// @param first [4], steps of one
/// @param second [4], steps of the other
record Axes(int[] extent, int[] first, int[] second) {

  static final int RANK = 4;

  /// @param first steps along the axes of `shape`
  /// @param second steps along the axes of `shape`
  static Axes of(Shape shape, int[] first, int[] second) {
    List<int[]> axes = new ArrayList<>(); // extent, step, step
    for (int axis = 0; axis < shape.rank(); axis++) {
      int extent = (int) shape.dim(axis);
      if (extent == 1) {
        continue;
      }
      int[] last = axes.isEmpty() ? new int[] {0, 0, 0} : axes.getLast();
      if (!axes.isEmpty() && last[1] == extent * first[axis] && last[2] == extent * second[axis]) {
        axes.set(axes.size() - 1, new int[] {last[0] * extent, first[axis], second[axis]});
      } else {
        axes.add(new int[] {extent, first[axis], second[axis]});
      }
    }
    if (axes.size() > RANK) {
      throw new UnsupportedModelException(
          "a tensor of shape "
              + shape
              + " is walked along "
              + axes.size()
              + " axes, and C code walks four: split the operation in the model");
    }
    while (axes.size() < RANK) {
      axes.addFirst(new int[] {1, 0, 0});
    }
    return new Axes(column(axes, 0), column(axes, 1), column(axes, 2));
  }

  private static int[] column(List<int[]> axes, int which) {
    return axes.stream().mapToInt(axis -> axis[which]).toArray();
  }
}
