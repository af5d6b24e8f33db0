package dev.halftone.testing;

import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;

/// QuantizeLinear and DequantizeLinear, with scales a tensor, a channel or a block.
final class QuantizeNodes {

  private QuantizeNodes() {}

  /// For each element of the first input its scale's position.
  private static int[] scales(Call call) {
    Shape shape = call.shape(0);
    Shape scale = call.shape(1);
    int block = call.integer("block_size", 0);
    int[] at = new int[Math.toIntExact(shape.count())];
    if (scale.count() == 1) {
      return at;
    }
    int axis = call.axis(1, shape.rank());
    int extent = (int) shape.dim(axis);
    int inner = (int) shape.countAfter(axis);
    int blocks = block == 0 ? 1 : (int) scale.dim(axis);
    for (int i = 0; i < at.length; i++) {
      int along = i / inner % extent;
      int outer = i / inner / extent;
      at[i] = block == 0 ? along : (outer * blocks + along / block) * inner + i % inner;
    }
    return at;
  }

  private static long[] zeros(Call call) {
    return call.has(2) ? call.in(2).toLongs() : new long[Math.toIntExact(call.in(1).count())];
  }

  static Tensor quantize(Call call) {
    float[] x = call.floats(0);
    float[] scale = call.floats(1);
    long[] zero = zeros(call);
    int[] at = scales(call);
    DType type =
        call.has(2)
            ? call.in(2).dtype()
            : DType.ofCode(call.integer("output_dtype", DType.UINT8.code()));
    if (type == null || !type.isInteger()) {
      throw call.unsupported("makes " + type);
    }
    boolean signed = type.name().startsWith("INT");
    long low = signed ? -1L << type.bits() - 1 : 0;
    long high = low + (1L << type.bits()) - 1;
    int[] codes = new int[x.length];
    for (int i = 0; i < x.length; i++) {
      double code = Math.rint(x[i] / scale[at[i]]) + zero[at[i]];
      codes[i] = (int) Math.min(Math.max(code, low), high);
    }
    return Tensor.ofIntegers(type, call.shape(0), codes);
  }

  static Tensor dequantize(Call call) {
    long[] codes = call.in(0).toLongs();
    float[] scale = call.floats(1);
    long[] zero = zeros(call);
    int[] at = scales(call);
    float[] x = new float[codes.length];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) (codes[i] - zero[at[i]]) * scale[at[i]];
    }
    return Tensor.of(call.shape(0), x);
  }
}
