package dev.halftone.form;

import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/// Some neighbouring bits of every integer of a tensor, 4, 2 or 1 of each, stored in nibbles: UINT4 is the narrowest type that runtimes
/// read since ONNX 1.16.
///
/// Integers of any width are a sum of planes: 7 bits are planes of 4, 2 and 1. A plane of 4 bits needs no more than a Cast, so it holds
/// the lowest; what a nibble stands for in the others is looked up in a table, which saves shift, mask and sign extension.
///
/// @param width bits of one integer in this plane: 4, 2 or 1
/// @param shift place of the lowest of them; 0 where the width is 4
/// @param signed true where the highest bit is the sign
record BitPlane(int width, int shift, boolean signed) {

  /// The planes of integers in two's complement of 2 to 7 bits, the lowest first.
  static List<BitPlane> of(int bits) {
    if (bits < 2 || bits > 7) {
      throw new IllegalArgumentException("2 to 7 bits are taken apart, not " + bits);
    }
    List<BitPlane> planes = new ArrayList<>();
    int shift = 0;
    for (int width = 4; width > 0; width /= 2) {
      if (bits - shift >= width) {
        planes.add(new BitPlane(width, shift, shift + width == bits));
        shift += width;
      }
    }
    return planes;
  }

  /// How many integers a nibble holds.
  int lanes() {
    return 4 / width;
  }

  long nibbles(long count) {
    return Math.ceilDiv(count, (long) lanes());
  }

  /// UINT4 [nibbles], the first integer in the low bits; the last nibble filled up with zeros.
  Tensor pack(byte[] values) {
    int[] nibbles = new int[Math.toIntExact(nibbles(values.length))];
    for (int i = 0; i < values.length; i++) {
      int bits = values[i] >> shift & (1 << width) - 1;
      nibbles[i / lanes()] |= bits << i % lanes() * width;
    }
    return Tensor.ofIntegers(DType.UINT4, new Shape(nibbles.length), nibbles);
  }

  /// INT8 [16][lanes]: what each nibble adds to its integers.
  Tensor table() {
    int[] rows = new int[16 * lanes()]; // [16][lanes]
    for (int i = 0; i < rows.length; i++) {
      int bits = i / lanes() >> i % lanes() * width & (1 << width) - 1;
      boolean negative = signed && bits >> width - 1 == 1;
      rows[i] = (negative ? bits - (1 << width) : bits) << shift;
    }
    return Tensor.ofIntegers(DType.INT8, new Shape(16, lanes()), rows);
  }
}
