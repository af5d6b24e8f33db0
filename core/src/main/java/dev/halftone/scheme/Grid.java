package dev.halftone.scheme;

import dev.halftone.tensor.Shape;
import java.util.Arrays;
import java.util.List;

/// The real numbers that weights may be: integers times one of several scales, zero point 0. ONNX `DequantizeLinear` with
/// `axis` or `block_size`.
///
/// @param scales [granularity's scales], row-major, positive and finite
public record Grid(Levels levels, Granularity granularity, float[] scales) {

  public Grid {
    for (float scale : scales) {
      if (!(scale >= Float.MIN_NORMAL) || Float.isInfinite(scale)) {
        throw new IllegalArgumentException("a scale is a positive normal float, not " + scale);
      }
    }
  }

  /// All integers of a type.
  public Grid(QuantizedType type, Granularity granularity, float[] scales) {
    this(new Levels.Even(type), granularity, scales);
  }

  /// A scale for each index of `axis`.
  public static Grid perChannel(QuantizedType type, int axis, float[] scales) {
    return new Grid(type, Granularity.perChannel(axis), scales);
  }

  /// The type of the integers.
  public QuantizedType type() {
    return levels.type();
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

  /// The grid of the transposed matrix.
  ///
  /// @param shape of the matrix
  Grid transposed(Shape shape) {
    Shape extents = granularity.scales(shape);
    int rows = Math.toIntExact(extents.dim(0));
    int columns = Math.toIntExact(extents.dim(1));
    float[] turned = new float[scales.length];
    for (int i = 0; i < turned.length; i++) {
      turned[i] = scales[i % rows * columns + i / rows];
    }
    return new Grid(levels, granularity.transposed(), turned);
  }

  /// True of scales for weights of this shape.
  boolean fits(Shape shape) {
    return granularity.scales(shape).count() == scales.length;
  }

  /// Nearest integer of `value` under the scale at `index`.
  public int quantize(int index, float value) {
    return levels.nearest(value / scales[index]);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Grid(Levels others, Granularity same, float[] otherScales)
        && levels.equals(others)
        && granularity.equals(same)
        && Arrays.equals(scales, otherScales);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(scales) * 31 + granularity.hashCode();
  }
}
