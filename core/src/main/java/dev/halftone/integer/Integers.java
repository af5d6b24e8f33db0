package dev.halftone.integer;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// The integers of a tensor of 1, 2 or 4 bytes each, which lie little-endian.
public final class Integers {

  private static final VarHandle SHORTS =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private final IntegerTensor tensor;
  private final byte[] bytes;
  private final int width;

  public Integers(IntegerTensor tensor, byte[] bytes) {
    this.tensor = tensor;
    this.bytes = bytes;
    this.width = tensor.width();
  }

  /// Room for a tensor.
  public Integers(IntegerTensor tensor) {
    this(tensor, new byte[tensor.bytes()]);
  }

  public IntegerTensor tensor() {
    return tensor;
  }

  public byte[] bytes() {
    return bytes;
  }

  public int zeroPoint() {
    return tensor.zeroPoint();
  }

  public int count() {
    return bytes.length / width;
  }

  public int get(int i) {
    return width == 1
        ? bytes[i]
        : width == 2 ? (short) SHORTS.get(bytes, 2 * i) : (int) INTS.get(bytes, 4 * i);
  }

  public void set(int i, int value) {
    switch (width) {
      case 1 -> bytes[i] = (byte) value;
      case 2 -> SHORTS.set(bytes, 2 * i, (short) value);
      default -> INTS.set(bytes, 4 * i, value);
    }
  }

  public int[] toInts() {
    int[] values = new int[count()];
    java.util.Arrays.setAll(values, this::get);
    return values;
  }
}
