package dev.halftone.scheme;

import dev.halftone.tensor.DType;

/// The integers that a quantized element may take: `[low, high]`, stored as `storage`.
///
/// Weights of b bits are symmetric about zero and leave out the lowest code at 8 bits (as TFLite's quantization specification
/// demands, and so that two products never saturate a 16-bit sum); at fewer bits every code counts and the full range is used.
public record QuantizedType(DType storage, int low, int high) {

  public static final QuantizedType UINT8 = new QuantizedType(DType.UINT8, 0, 255);
  public static final QuantizedType INT8 = new QuantizedType(DType.INT8, -128, 127);

  /// Activations of TFLite's 16x8 quantization specification, whose zero point is 0.
  public static final QuantizedType INT16 = new QuantizedType(DType.INT16, -32768, 32767);

  /// Positions: integers that mean themselves.
  public static final QuantizedType INT32 =
      new QuantizedType(DType.INT32, Integer.MIN_VALUE, Integer.MAX_VALUE);

  public static final QuantizedType UINT16 = new QuantizedType(DType.UINT16, 0, 65535);

  public QuantizedType {
    if (low >= high) {
      throw new IllegalArgumentException("no integers in [" + low + ", " + high + "]");
    }
  }

  /// Symmetric signed weights of 2 to 8 bits, a byte each: [-127, 127] at 8 bits, [-2^(b-1), 2^(b-1)-1] below.
  public static QuantizedType weight(int bits) {
    if (bits < 2 || bits > 8) {
      throw new IllegalArgumentException("weights have 2 to 8 bits, not " + bits);
    }
    int half = 1 << (bits - 1);
    return new QuantizedType(DType.INT8, bits == 8 ? -127 : -half, half - 1);
  }

  /// Unsigned activations of 2 to 8 bits, a byte each, or of 16 bits.
  public static QuantizedType activation(int bits) {
    if (bits == 16) {
      return UINT16;
    }
    if (bits < 2 || bits > 8) {
      throw new IllegalArgumentException("activations have 2 to 8 or 16 bits, not " + bits);
    }
    return new QuantizedType(DType.UINT8, 0, (1 << bits) - 1);
  }

  /// The number of steps between the lowest and the highest integer.
  public int steps() {
    return high - low;
  }

  /// Bits that tell the integers apart.
  public int bits() {
    return 32 - Integer.numberOfLeadingZeros(steps());
  }

  /// True of integers of more than 8 bits.
  public boolean isWide() {
    return bits() > 8;
  }

  /// True of integers that leave some of the bits they are stored in unused.
  public boolean isNarrow() {
    return bits() < storage.bits();
  }

  public int clamp(long value) {
    return (int) Math.max(low, Math.min(high, value));
  }
}
