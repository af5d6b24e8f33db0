package dev.halftone.tensor;

import java.util.Arrays;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/// The extents of a tensor, outermost first. A scalar has rank 0 and one element.
///
/// Extents are never negative: a shape that is not fully known is a `TensorType` of the graph package. The number of elements, and of
/// the bytes they take in any type, fits a long.
public record Shape(long... dims) {

  public static final Shape SCALAR = new Shape();

  /// Elements that no tensor has more of: their bytes still fit a long.
  private static final long MOST = Long.MAX_VALUE >> 7;

  public Shape {
    dims = dims.clone();
    for (long dim : dims) {
      if (dim < 0) {
        throw new IllegalArgumentException("negative extent in shape " + Arrays.toString(dims));
      }
    }
    if (!isPossible(dims)) {
      throw new IllegalArgumentException(
          "no tensor has as many elements as shape " + Arrays.toString(dims));
    }
  }

  /// True of extents that a shape can have: none negative, and not more elements in all than can be counted.
  public static boolean isPossible(long... extents) {
    long count = 1;
    for (long extent : extents) {
      if (extent < 0 || extent > 0 && count > MOST / extent) {
        return false;
      }
      count *= Math.max(1, extent);
    }
    return true;
  }

  public int rank() {
    return dims.length;
  }

  /// Extent of `axis`; a negative axis counts from the end, as in ONNX.
  public long dim(int axis) {
    return dims[axis < 0 ? axis + dims.length : axis];
  }

  /// The number of elements.
  public long count() {
    long count = 1;
    for (long dim : dims) {
      count *= dim;
    }
    return count;
  }

  /// Elements between neighbours along this axis of a row-major tensor, counted from the front: the product of the extents after it.
  public long countAfter(int axis) {
    long count = 1;
    for (int i = axis + 1; i < dims.length; i++) {
      count *= dims[i];
    }
    return count;
  }

  /// The same along each axis of a row-major tensor of fewer than 2^31 elements.
  public int[] strides() {
    int[] strides = new int[dims.length];
    int stride = 1;
    for (int axis = dims.length - 1; axis >= 0; axis--) {
      strides[axis] = stride;
      stride *= (int) dims[axis];
    }
    return strides;
  }

  /// The strides of an operand that is repeated along its axes of extent 1: there it does not move.
  public int[] broadcastStrides() {
    int[] strides = strides();
    for (int axis = 0; axis < strides.length; axis++) {
      strides[axis] = dims[axis] == 1 ? 0 : strides[axis];
    }
    return strides;
  }

  /// The one axis longer than 1; empty where there is none, or more than one.
  public OptionalInt onlyWideAxis() {
    int[] wide = IntStream.range(0, dims.length).filter(axis -> dims[axis] > 1).toArray();
    return wide.length == 1 ? OptionalInt.of(wide[0]) : OptionalInt.empty();
  }

  /// Without the innermost axes.
  public Shape withoutLast(int axes) {
    return new Shape(Arrays.copyOf(dims, dims.length - axes));
  }

  /// A copy of the extents.
  @Override
  public long[] dims() {
    return dims.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Shape shape && Arrays.equals(dims, shape.dims);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(dims);
  }

  /// As in `1x3x224x224`; `scalar` for rank 0.
  @Override
  public String toString() {
    if (dims.length == 0) {
      return "scalar";
    }
    StringBuilder text = new StringBuilder();
    for (long dim : dims) {
      text.append(text.isEmpty() ? "" : "x").append(dim);
    }
    return text.toString();
  }
}
