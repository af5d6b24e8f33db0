package dev.halftone.format.onnx;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.halftone.tensor.DType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// The elements of a tensor that stand in `float_data`, `int32_data` and their kin, made `raw_data`.
///
/// `float_data` and `double_data` already are little-endian and contiguous. The integer fields hold varints, one per element, or
/// one per byte for types under 8 bits, of which only the low bits count.
final class TypedData {

  private TypedData() {}

  /// @param size bytes of the result, as type and shape ask
  static MemorySegment toRaw(String name, DType dtype, long size, List<MemorySegment> elements) {
    MemorySegment encoded = elements.isEmpty() ? MemorySegment.NULL : WireReader.join(elements);
    return switch (dtype) {
      case FLOAT, COMPLEX64, DOUBLE, COMPLEX128 -> encoded;
      default -> decode(name, Math.max(8, dtype.bits()) / 8, size, encoded);
    };
  }

  private static MemorySegment decode(String name, int width, long size, MemorySegment encoded) {
    long count = 0;
    for (long at = 0; at < encoded.byteSize(); at++) {
      count += encoded.get(JAVA_BYTE, at) >= 0 ? 1 : 0;
    }
    if (count != size / width) {
      throw new Malformed(
          "tensor " + name + " takes " + size / width + " numbers, but has " + count);
    }
    MemorySegment raw = Arena.ofAuto().allocate(Math.max(1, size), 64).asSlice(0, size);
    long from = 0;
    for (long to = 0; to < size; to += width) {
      long value = 0;
      byte next;
      int shift = 0;
      do {
        if (shift == 70) {
          throw new Malformed("a number in tensor " + name + " is longer than ten bytes");
        }
        next = encoded.get(JAVA_BYTE, from++);
        value |= (next & 0x7FL) << shift;
        shift += 7;
      } while (next < 0);
      for (int i = 0; i < width; i++) {
        raw.set(JAVA_BYTE, to + i, (byte) (value >> (8 * i)));
      }
    }
    return raw;
  }
}
