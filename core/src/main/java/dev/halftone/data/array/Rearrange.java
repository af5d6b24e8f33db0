package dev.halftone.data.array;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/// Brings the elements of a numpy array into the order in which tensors keep them.
final class Rearrange {

  private Rearrange() {}

  /// Elements that are in that order already are taken without a copy.
  static Tensor rowMajorLittleEndian(NpyHeader header, MemorySegment elements) {
    int width = header.dtype().bits() / 8;
    boolean swap = header.bigEndian() && width > 1;
    boolean transpose = header.fortran() && header.shape().rank() > 1;
    if (!swap && !transpose) {
      return new Tensor(header.dtype(), header.shape(), elements);
    }
    Tensor tensor = Tensor.allocate(header.dtype(), header.shape());
    long[] dims = header.shape().dims();
    long[] strides = strides(header.shape(), transpose);
    long[] index = new long[dims.length];
    long count = tensor.count();
    for (long to = 0; to < count; to++) {
      long from = 0;
      for (int axis = 0; axis < dims.length; axis++) {
        from += index[axis] * strides[axis];
      }
      for (int b = 0; b < width; b++) {
        byte value = elements.get(JAVA_BYTE, from * width + (swap ? width - 1 - b : b));
        tensor.data().set(JAVA_BYTE, to * width + b, value);
      }
      for (int axis = dims.length - 1; axis >= 0 && ++index[axis] == dims[axis]; axis--) {
        index[axis] = 0;
      }
    }
    return tensor;
  }

  /// `[axis]`, elements from one index to the next.
  private static long[] strides(Shape shape, boolean fortran) {
    int rank = shape.rank();
    long[] strides = new long[rank];
    long stride = 1;
    for (int i = 0; i < rank; i++) {
      int axis = fortran ? i : rank - 1 - i;
      strides[axis] = stride;
      stride *= shape.dim(axis);
    }
    return strides;
  }
}
