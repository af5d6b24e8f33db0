package dev.halftone.tensor;

import java.util.Arrays;

/// The extents of a tensor, outermost first. A scalar has rank 0 and one element.
///
/// Extents are never negative: a shape that is not fully known is a `TensorType` of the graph package.
public record Shape(long... dims) {

  public static final Shape SCALAR = new Shape();

  public Shape {
    dims = dims.clone();
    for (long dim : dims) {
      if (dim < 0) {
        throw new IllegalArgumentException("negative extent in shape " + Arrays.toString(dims));
      }
    }
  }

  public int rank() {
    return dims.length;
  }

  /// Extent of `axis`; a negative axis counts from the end, as in ONNX.
  public long dim(int axis) {
    return dims[axis < 0 ? axis + dims.length : axis];
  }

  /// The number of elements. Throws ArithmeticException where it does not fit a long.
  public long count() {
    long count = 1;
    for (long dim : dims) {
      count = Math.multiplyExact(count, dim);
    }
    return count;
  }

  /// Elements between neighbours along each axis of a row-major tensor of fewer than 2^31 elements.
  public int[] strides() {
    int[] strides = new int[dims.length];
    int stride = 1;
    for (int axis = dims.length - 1; axis >= 0; axis--) {
      strides[axis] = stride;
      stride *= (int) dims[axis];
    }
    return strides;
  }

  /// The same for an operand that is repeated along its axes of extent 1: there it does not move.
  public int[] broadcastStrides() {
    int[] strides = strides();
    for (int axis = 0; axis < strides.length; axis++) {
      strides[axis] = dims[axis] == 1 ? 0 : strides[axis];
    }
    return strides;
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
