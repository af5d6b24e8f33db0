package dev.halftone.scheme;

import java.util.Arrays;

/// One scale for each index of `axis`, zero point 0: how weights are quantized. ONNX `QuantizeLinear` with `axis`.
///
/// @param scales [extent of axis], positive and finite
public record PerChannel(QuantizedType type, int axis, float[] scales) {

  public PerChannel {
    for (float scale : scales) {
      if (!(scale >= Float.MIN_NORMAL) || Float.isInfinite(scale)) {
        throw new IllegalArgumentException("a scale is a positive normal float, not " + scale);
      }
    }
  }

  /// Nearest integer of `value` in `channel`, ties to even, saturated.
  public int quantize(int channel, float value) {
    double steps = Math.rint(value / scales[channel]);
    return (int) Math.max(type.low(), Math.min(type.high(), steps));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PerChannel(QuantizedType otherType, int otherAxis, float[] otherScales)
        && type.equals(otherType)
        && axis == otherAxis
        && Arrays.equals(scales, otherScales);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(scales) * 31 + axis;
  }
}
