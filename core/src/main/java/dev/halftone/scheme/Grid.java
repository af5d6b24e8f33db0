package dev.halftone.scheme;

import dev.halftone.tensor.Shape;
import java.util.Arrays;
import java.util.List;

/// The real numbers that weights may be: integers of a type times one of several scales, zero point 0. ONNX `DequantizeLinear` with
/// `axis` or `block_size`.
///
/// @param scales [granularity's scales], row-major, positive and finite
public record Grid(QuantizedType type, Granularity granularity, float[] scales) {

  public Grid {
    for (float scale : scales) {
      if (!(scale >= Float.MIN_NORMAL) || Float.isInfinite(scale)) {
        throw new IllegalArgumentException("a scale is a positive normal float, not " + scale);
      }
    }
  }

  /// A scale for each index of `axis`.
  public static Grid perChannel(QuantizedType type, int axis, float[] scales) {
    return new Grid(type, Granularity.perChannel(axis), scales);
  }

  /// The same scales for integers of another type.
  public Grid withType(QuantizedType other) {
    return new Grid(other, granularity, scales);
  }

  /// True where there is a scale for each index of `axis` and no others.
  public boolean hasAxis(int axis) {
    return granularity.equals(Granularity.perChannel(axis));
  }

  /// The one axis along which scales differ. Throws IllegalStateException where there is not one.
  public int axis() {
    if (granularity instanceof Granularity.PerChannel(List<Integer> axes) && axes.size() == 1) {
      return axes.getFirst();
    }
    throw new IllegalStateException("no scale a channel but " + granularity);
  }

  /// True of scales for weights of this shape.
  boolean fits(Shape shape) {
    return granularity.scales(shape).count() == scales.length;
  }

  /// Nearest integer of `value` under the scale at `index`, ties to even, saturated.
  public int quantize(int index, float value) {
    double steps = Math.rint(value / scales[index]);
    return (int) Math.max(type.low(), Math.min(type.high(), steps));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Grid(QuantizedType otherType, Granularity same, float[] otherScales)
        && type.equals(otherType)
        && granularity.equals(same)
        && Arrays.equals(scales, otherScales);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(scales) * 31 + granularity.hashCode();
  }
}
