package dev.halftone.tensor;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// A dense tensor: element type, shape, and its elements in row-major order, little-endian, packed as ONNX `raw_data` is.
///
/// `data` may be a slice of a memory-mapped file: reading a tensor never copies its file. It is treated as immutable.
/// Tensors of strings are not represented.
public record Tensor(DType dtype, Shape shape, MemorySegment data) {

  /// How elements of this width are stored.
  public static final ValueLayout.OfFloat FLOAT_LE = Elements.FLOAT_LE;

  /// How elements of this width are stored.
  public static final ValueLayout.OfDouble DOUBLE_LE = Elements.DOUBLE_LE;

  /// How elements of this width are stored.
  public static final ValueLayout.OfShort SHORT_LE = Elements.SHORT_LE;

  /// How elements of this width are stored.
  public static final ValueLayout.OfInt INT_LE = Elements.INT_LE;

  /// How elements of this width are stored.
  public static final ValueLayout.OfLong LONG_LE = Elements.LONG_LE;

  public Tensor {
    if (dtype == DType.STRING) {
      throw new IllegalArgumentException("tensors of strings are not represented");
    }
    long expected = dtype.bytes(shape.count());
    if (data.byteSize() != expected) {
      throw new IllegalArgumentException(
          dtype
              + " tensor of shape "
              + shape
              + " takes "
              + expected
              + " bytes, not "
              + data.byteSize());
    }
  }

  /// A zeroed tensor in native memory, which runtimes take without a copy.
  public static Tensor allocate(DType dtype, Shape shape) {
    return new Tensor(
        dtype,
        shape,
        Arena.ofAuto()
            .allocate(Math.max(1, dtype.bytes(shape.count())), 64)
            .asSlice(0, dtype.bytes(shape.count())));
  }

  public static Tensor of(Shape shape, float... values) {
    Tensor tensor = allocate(DType.FLOAT, shape);
    MemorySegment.copy(values, 0, tensor.data, FLOAT_LE, 0, values.length);
    return tensor;
  }

  public static Tensor of(Shape shape, int... values) {
    Tensor tensor = allocate(DType.INT32, shape);
    MemorySegment.copy(values, 0, tensor.data, INT_LE, 0, values.length);
    return tensor;
  }

  public static Tensor of(Shape shape, long... values) {
    Tensor tensor = allocate(DType.INT64, shape);
    MemorySegment.copy(values, 0, tensor.data, LONG_LE, 0, values.length);
    return tensor;
  }

  /// INT8, UINT8 or BOOL elements, a byte each.
  public static Tensor of(DType dtype, Shape shape, byte... values) {
    Tensor tensor = allocate(dtype, shape);
    MemorySegment.copy(values, 0, tensor.data, JAVA_BYTE, 0, values.length);
    return tensor;
  }

  /// Integers of any integer type, each in the type's range.
  public static Tensor ofIntegers(DType dtype, Shape shape, int... values) {
    Tensor tensor = allocate(dtype, shape);
    Elements.putIntegers(dtype, tensor.data, values);
    return tensor;
  }

  public static Tensor scalar(float value) {
    return of(Shape.SCALAR, value);
  }

  public static Tensor vector(float... values) {
    return of(new Shape(values.length), values);
  }

  public static Tensor vector(long... values) {
    return of(new Shape(values.length), values);
  }

  public long count() {
    return shape.count();
  }

  public long byteSize() {
    return data.byteSize();
  }

  /// The elements as floats: floating-point types rounded to float, integers converted, BOOL as 0 or 1.
  public float[] toFloats() {
    return Elements.toFloats(dtype, data, Math.toIntExact(count()));
  }

  /// The elements of an integer or BOOL tensor, sign-extended or zero-extended as the type says.
  public long[] toLongs() {
    return Elements.toLongs(dtype, data, Math.toIntExact(count()));
  }

  /// As [#toLongs], narrowed; throws ArithmeticException where an element does not fit an int.
  public int[] toInts() {
    long[] wide = toLongs();
    int[] values = new int[wide.length];
    for (int i = 0; i < wide.length; i++) {
      values[i] = Math.toIntExact(wide[i]);
    }
    return values;
  }

  /// The raw elements of a tensor, `byteSize()` of them.
  public byte[] toBytes() {
    return data.toArray(JAVA_BYTE);
  }

  /// The same elements under another shape of the same count.
  public Tensor reshape(Shape other) {
    return new Tensor(dtype, other, data);
  }

  /// True where type, shape and every byte are the same.
  public boolean sameAs(Tensor other) {
    return dtype == other.dtype && shape.equals(other.shape) && data.mismatch(other.data) < 0;
  }

  @Override
  public String toString() {
    return dtype + " " + shape;
  }
}
