package dev.halftone.tensor;

/// Element type of a tensor, with the number ONNX gives it (`TensorProto.DataType`) and its width.
///
/// Types under 8 bits are packed as the ONNX specification says: first element in the low bits.
public enum DType {
  FLOAT(1, 32),
  UINT8(2, 8),
  INT8(3, 8),
  UINT16(4, 16),
  INT16(5, 16),
  INT32(6, 32),
  INT64(7, 64),
  STRING(8, 0),
  BOOL(9, 8),
  FLOAT16(10, 16),
  DOUBLE(11, 64),
  UINT32(12, 32),
  UINT64(13, 64),
  COMPLEX64(14, 64),
  COMPLEX128(15, 128),
  BFLOAT16(16, 16),
  FLOAT8E4M3FN(17, 8),
  FLOAT8E4M3FNUZ(18, 8),
  FLOAT8E5M2(19, 8),
  FLOAT8E5M2FNUZ(20, 8),
  UINT4(21, 4),
  INT4(22, 4),
  FLOAT4E2M1(23, 4),
  FLOAT8E8M0(24, 8),
  UINT2(25, 2),
  INT2(26, 2);

  private final int code;
  private final int bits;

  DType(int code, int bits) {
    this.code = code;
    this.bits = bits;
  }

  /// The number of this type in `TensorProto.DataType`.
  public int code() {
    return code;
  }

  /// Bits an element takes in `raw_data`; 0 for strings, which have no fixed width.
  public int bits() {
    return bits;
  }

  /// Bytes that `count` elements take in `raw_data`, the last byte padded.
  public long bytes(long count) {
    return Math.ceilDiv(Math.multiplyExact(count, (long) bits), 8L);
  }

  /// True of the binary floating-point types that [Tensor#toFloats] reads.
  public boolean isFloat() {
    return this == FLOAT || this == DOUBLE || this == FLOAT16 || this == BFLOAT16;
  }

  /// True of signed and unsigned integers of any width; not of BOOL.
  public boolean isInteger() {
    return switch (this) {
      case UINT8, INT8, UINT16, INT16, INT32, INT64, UINT32, UINT64, UINT4, INT4, UINT2, INT2 ->
          true;
      default -> false;
    };
  }

  /// True of integers and of BOOL: of what [Tensor#toLongs] reads.
  public boolean isWhole() {
    return isInteger() || this == BOOL;
  }

  /// The type with this ONNX number, or null where there is none (a newer file than this build).
  public static @org.jspecify.annotations.Nullable DType ofCode(int code) {
    for (DType type : values()) {
      if (type.code == code) {
        return type;
      }
    }
    return null;
  }
}
