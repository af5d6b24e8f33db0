package dev.halftone.litert;

import dev.halftone.integer.Clamp;
import dev.halftone.integer.IntegerTensor;
import dev.halftone.integer.Weights;
import dev.halftone.scheme.Affine;
import dev.halftone.scheme.QuantizedType;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.tensorflow.lite.schema.TensorType;

/// A tensor as the file has it.
///
/// @param type of [TensorType]
/// @param data little-endian, where the tensor is constant
record LiteTensor(
    String name, Shape shape, byte type, Quantization quantization, Optional<byte[]> data) {

  static LiteTensor of(IntegerTensor tensor) {
    return tensor.type() == DType.INT32
        ? positions(tensor.name(), tensor.shape())
        : activation(tensor.name(), tensor.shape(), tensor.grid()).with(tensor.constant());
  }

  static LiteTensor activation(String name, Shape shape, Affine grid) {
    byte type = grid.type().isWide() ? TensorType.INT16 : TensorType.INT8;
    return new LiteTensor(name, shape, type, Quantization.of(grid), Optional.empty());
  }

  /// The uint8 tensor whose integers are greater by 128 and mean the same.
  static LiteTensor unsigned(String name, LiteTensor signed) {
    return new LiteTensor(
        name, signed.shape, TensorType.UINT8, signed.quantization.moved(128), Optional.empty());
  }

  /// Positions, extents, paddings: what tells an operation what to do.
  static LiteTensor indices(String name, Shape shape, int... values) {
    return integers(name, shape, Quantization.NONE, values);
  }

  /// int32 with a scale for each index of the only axis: biases. Beside activations of 16 bits they are int64.
  static LiteTensor bias(String name, int[] values, List<Float> scales, boolean wide) {
    Shape shape = new Shape(values.length);
    Quantization quantization = Quantization.symmetric(scales, 0);
    if (!wide) {
      return integers(name, shape, quantization, values);
    }
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    Arrays.stream(values).forEach(bytes::putLong);
    return new LiteTensor(name, shape, TensorType.INT64, quantization, Optional.of(bytes.array()));
  }

  private static LiteTensor integers(
      String name, Shape shape, Quantization quantization, int[] values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asIntBuffer().put(values);
    return new LiteTensor(name, shape, TensorType.INT32, quantization, Optional.of(bytes.array()));
  }

  /// An int32 tensor that the network computes, for positions.
  static LiteTensor positions(String name, Shape shape) {
    return new LiteTensor(name, shape, TensorType.INT32, Quantization.NONE, Optional.empty());
  }

  /// The same integers as int32, which mean the same.
  LiteTensor inInt32() {
    return new LiteTensor(name + "/int32", shape, TensorType.INT32, quantization, Optional.empty());
  }

  /// Symmetric int8 weights with a scale for each index along `axis`.
  ///
  /// @param four whether two lie in a byte, the first in the lower half
  static LiteTensor weights(String name, Shape shape, Weights weights, int axis, boolean four) {
    byte type = four ? TensorType.INT4 : TensorType.INT8;
    byte[] values = four ? halves(weights.values()) : weights.values();
    Quantization quantization = Quantization.symmetric(boxed(weights.scales()), axis);
    return new LiteTensor(name, shape, type, quantization, Optional.of(values));
  }

  private static byte[] halves(byte[] values) {
    byte[] halves = new byte[Math.ceilDiv(values.length, 2)];
    for (int i = 0; i < values.length; i++) {
      halves[i / 2] |= (byte) ((values[i] & 15) << i % 2 * 4);
    }
    return halves;
  }

  static List<Float> boxed(float[] scales) {
    Float[] boxed = new Float[scales.length];
    Arrays.setAll(boxed, i -> scales[i]);
    return List.of(boxed);
  }

  private LiteTensor with(Optional<byte[]> constant) {
    return new LiteTensor(name, shape, type, quantization, constant);
  }

  boolean isWide() {
    return type == TensorType.INT16;
  }

  /// What its integers can be.
  Clamp all() {
    return Clamp.all(isWide() ? QuantizedType.INT16 : QuantizedType.INT8);
  }

  /// The extents, as the schema counts.
  int[] dims() {
    return Arrays.stream(shape.dims()).mapToInt(Math::toIntExact).toArray();
  }

  boolean hasGridOf(LiteTensor other) {
    return type == other.type && quantization.equals(other.quantization);
  }

  LiteTensor named(String other) {
    return new LiteTensor(other, shape, type, quantization, data);
  }
}
