package dev.halftone.scheme;

import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.function.ObjIntConsumer;

/// The index along one axis of an element of a row-major tensor.
///
/// @param count extent of the axis
/// @param inner elements between two neighbours along the axis
public record Channels(int count, int inner) {

  public static Channels of(Shape shape, int axis) {
    return new Channels(Math.toIntExact(shape.dim(axis)), Math.toIntExact(shape.countAfter(axis)));
  }

  public int of(int element) {
    return element / inner % count;
  }

  /// Hands over a tensor of 32-bit floats in rows of `inner` elements, in order, each with its index; the array is the same every time.
  public void forEachRow(Tensor tensor, ObjIntConsumer<float[]> taker) {
    float[] row = new float[inner];
    long rows = tensor.count() / Math.max(1, inner);
    int channel = 0;
    for (long at = 0; at < rows; at++) {
      MemorySegment.copy(tensor.data(), Tensor.FLOAT_LE, at * inner * 4, row, 0, inner);
      taker.accept(row, channel);
      channel = channel + 1 == count ? 0 : channel + 1;
    }
  }
}
