package dev.halftone.tensor;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Reads and writes the elements of every type; the one place that knows how each is stored.
final class Elements {

  static final ValueLayout.OfFloat FLOAT_LE =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  static final ValueLayout.OfDouble DOUBLE_LE =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  static final ValueLayout.OfShort SHORT_LE =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  static final ValueLayout.OfInt INT_LE =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  static final ValueLayout.OfLong LONG_LE =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private Elements() {}

  static float[] toFloats(DType dtype, MemorySegment data, int count) {
    float[] values = new float[count];
    switch (dtype) {
      case FLOAT -> MemorySegment.copy(data, FLOAT_LE, 0, values, 0, count);
      case DOUBLE -> {
        for (int i = 0; i < count; i++) {
          values[i] = (float) data.get(DOUBLE_LE, i * 8L);
        }
      }
      case FLOAT16 -> {
        for (int i = 0; i < count; i++) {
          values[i] = Float.float16ToFloat(data.get(SHORT_LE, i * 2L));
        }
      }
      case BFLOAT16 -> {
        for (int i = 0; i < count; i++) {
          values[i] = Float.intBitsToFloat(data.get(SHORT_LE, i * 2L) << 16);
        }
      }
      default -> {
        for (int i = 0; i < count; i++) {
          values[i] = integer(dtype, data, i);
        }
      }
    }
    return values;
  }

  static long[] toLongs(DType dtype, MemorySegment data, int count) {
    long[] values = new long[count];
    for (int i = 0; i < values.length; i++) {
      values[i] = integer(dtype, data, i);
    }
    return values;
  }

  private static long integer(DType dtype, MemorySegment data, int i) {
    return switch (dtype) {
      case INT8 -> data.get(JAVA_BYTE, i);
      case UINT8 -> data.get(JAVA_BYTE, i) & 0xFF;
      case BOOL -> data.get(JAVA_BYTE, i) != 0 ? 1 : 0;
      case INT16 -> data.get(SHORT_LE, i * 2L);
      case UINT16 -> data.get(SHORT_LE, i * 2L) & 0xFFFF;
      case INT32 -> data.get(INT_LE, i * 4L);
      case UINT32 -> data.get(INT_LE, i * 4L) & 0xFFFFFFFFL;
      case INT64, UINT64 -> data.get(LONG_LE, i * 8L);
      case UINT4 -> data.get(JAVA_BYTE, i >> 1) >> ((i & 1) * 4) & 0xF;
      case INT4 -> (data.get(JAVA_BYTE, i >> 1) >> ((i & 1) * 4) & 0xF) << 28 >> 28;
      case UINT2 -> data.get(JAVA_BYTE, i >> 2) >> ((i & 3) * 2) & 0x3;
      case INT2 -> (data.get(JAVA_BYTE, i >> 2) >> ((i & 3) * 2) & 0x3) << 30 >> 30;
      default -> throw new IllegalArgumentException("no integers in a tensor of " + dtype);
    };
  }

  static void putIntegers(DType dtype, MemorySegment data, int[] values) {
    if (!dtype.isInteger()) {
      throw new IllegalArgumentException("no integers in a tensor of " + dtype);
    }
    for (int i = 0; i < values.length; i++) {
      int value = values[i];
      checkRange(dtype, value);
      switch (dtype.bits()) {
        case 2 -> pack(data, i >> 2, value & 0x3, (i & 3) * 2);
        case 4 -> pack(data, i >> 1, value & 0xF, (i & 1) * 4);
        case 8 -> data.set(JAVA_BYTE, i, (byte) value);
        case 16 -> data.set(SHORT_LE, i * 2L, (short) value);
        case 32 -> data.set(INT_LE, i * 4L, value);
        default -> data.set(LONG_LE, i * 8L, value);
      }
    }
  }

  private static void pack(MemorySegment data, long at, int bits, int shift) {
    data.set(JAVA_BYTE, at, (byte) (data.get(JAVA_BYTE, at) | bits << shift));
  }

  private static void checkRange(DType dtype, int value) {
    boolean signed =
        switch (dtype) {
          case INT2, INT4, INT8, INT16, INT32, INT64 -> true;
          default -> false;
        };
    int bits = dtype.bits();
    if (bits >= 32) {
      return;
    }
    int low = signed ? -(1 << (bits - 1)) : 0;
    int high = signed ? (1 << (bits - 1)) - 1 : (1 << bits) - 1;
    if (value < low || value > high) {
      throw new IllegalArgumentException(
          dtype + " holds [" + low + ", " + high + "], not " + value);
    }
  }
}
