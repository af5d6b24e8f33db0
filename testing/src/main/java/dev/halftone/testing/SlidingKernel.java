package dev.halftone.testing;

import dev.halftone.tensor.Shape;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/// A kernel that steps over a map of any number of axes.
///
/// @param kernel its extents
/// @param begins padding before each axis
/// @param ends padding behind each axis
record SlidingKernel(int[] kernel, int[] strides, int[] dilations, int[] begins, int[] ends) {

  /// As the attributes of a node say.
  ///
  /// @param input extents of the map, for padding that depends on them
  static SlidingKernel of(Call call, int[] kernel, int[] input) {
    int[] strides = call.ints("strides", kernel.length, 1);
    int[] reach = reach(call, kernel);
    return of(
        call,
        kernel,
        axis -> {
          int places = Math.ceilDiv(input[axis], strides[axis]);
          return Math.max(0, (places - 1) * strides[axis] + reach[axis] - input[axis]);
        });
  }

  /// The same for a kernel that writes: its map has the extents that are asked for, or the places times the stride.
  static SlidingKernel writing(Call call, int[] kernel, int[] places) {
    int[] strides = call.ints("strides", kernel.length, 1);
    int[] more = call.ints("output_padding", kernel.length, 0);
    int[] reach = reach(call, kernel);
    boolean isAsked = call.node().intsAttribute("output_shape").isPresent();
    int[] wanted = call.ints("output_shape", kernel.length, 0);
    return of(
        call,
        kernel,
        axis ->
            isAsked
                ? strides[axis] * (places[axis] - 1) + reach[axis] + more[axis] - wanted[axis]
                : Math.max(0, reach[axis] + more[axis] - strides[axis]));
  }

  private static int[] reach(Call call, int[] kernel) {
    int[] dilations = call.ints("dilations", kernel.length, 1);
    return IntStream.range(0, kernel.length)
        .map(axis -> (kernel[axis] - 1) * dilations[axis] + 1)
        .toArray();
  }

  /// @param padding before and behind an axis together, where the size is to stay; below zero where the map reaches beyond the kernel
  private static SlidingKernel of(Call call, int[] kernel, IntUnaryOperator padding) {
    int axes = kernel.length;
    int[] pads = call.ints("pads", 2 * axes, 0);
    int[] begins = new int[axes];
    int[] ends = new int[axes];
    String auto = call.node().textAttribute("auto_pad", "NOTSET");
    if (auto.equals("NOTSET") && call.node().intsAttribute("output_shape").isPresent()) {
      auto = "SAME_LOWER";
    }
    for (int axis = 0; axis < axes; axis++) {
      switch (auto) {
        case "NOTSET" -> {
          begins[axis] = pads[axis];
          ends[axis] = pads[axes + axis];
        }
        case "SAME_UPPER", "SAME_LOWER" -> {
          int whole = padding.applyAsInt(axis);
          begins[axis] = Math.max(0, auto.equals("SAME_UPPER") ? whole / 2 : whole - whole / 2);
          ends[axis] = whole - begins[axis];
        }
        case "VALID" -> {}
        default -> throw call.unsupported("auto_pad " + auto);
      }
    }
    int[] strides = call.ints("strides", axes, 1);
    int[] dilations = call.ints("dilations", axes, 1);
    return new SlidingKernel(kernel, strides, dilations, begins, ends);
  }

  /// The last so many extents of a shape.
  static int[] map(Shape shape) {
    int[] extents = new int[shape.rank() - 2];
    for (int axis = 0; axis < extents.length; axis++) {
      extents[axis] = (int) shape.dim(axis + 2);
    }
    return extents;
  }

  static int count(int[] extents) {
    int count = 1;
    for (int extent : extents) {
      count *= extent;
    }
    return count;
  }

  /// A shape of samples, channels and these extents.
  static Shape shape(long samples, long channels, int[] extents) {
    long[] dims = new long[extents.length + 2];
    dims[0] = samples;
    dims[1] = channels;
    for (int axis = 0; axis < extents.length; axis++) {
      dims[axis + 2] = extents[axis];
    }
    return new Shape(dims);
  }

  private int reach(int axis) {
    return (kernel[axis] - 1) * dilations[axis] + 1;
  }

  /// Extents of what it makes of a map.
  int[] over(int[] input) {
    int[] places = new int[input.length];
    for (int axis = 0; axis < places.length; axis++) {
      places[axis] = (input[axis] + begins[axis] + ends[axis] - reach(axis)) / strides[axis] + 1;
    }
    return places;
  }

  /// Extents of the map that it makes where it writes in place of reading.
  int[] spread(int[] input, int[] more) {
    int[] extents = new int[input.length];
    for (int axis = 0; axis < extents.length; axis++) {
      extents[axis] =
          (input[axis] - 1) * strides[axis] + more[axis] + reach(axis) - begins[axis] - ends[axis];
    }
    return extents;
  }

  /// For each of its places and each element of the kernel the element of the map that lies under it; -1 in the padding.
  int[][] elements(int[] places, int[] map) {
    int[][] all = new int[count(places)][count(kernel)];
    for (int place = 0; place < all.length; place++) {
      for (int element = 0; element < all[place].length; element++) {
        all[place][element] = element(place, element, places, map);
      }
    }
    return all;
  }

  private int element(int place, int element, int[] places, int[] map) {
    int at = 0;
    int stride = 1;
    for (int axis = map.length - 1; axis >= 0; axis--) {
      int step = place % places[axis] * strides[axis];
      int coordinate = step + element % kernel[axis] * dilations[axis] - begins[axis];
      if (coordinate < 0 || coordinate >= map[axis]) {
        return -1;
      }
      at += coordinate * stride;
      stride *= map[axis];
      place /= places[axis];
      element /= kernel[axis];
    }
    return at;
  }
}
