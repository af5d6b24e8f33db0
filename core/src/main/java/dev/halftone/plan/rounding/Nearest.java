package dev.halftone.plan.rounding;

import dev.halftone.scheme.Affine;
import dev.halftone.scheme.Granularity;
import dev.halftone.scheme.Grid;
import dev.halftone.scheme.QuantizedType;
import dev.halftone.scheme.QuantizedWeight;
import dev.halftone.scheme.ScaleIndex;
import dev.halftone.scheme.Scales;
import dev.halftone.tensor.Tensor;
import java.util.Arrays;

/// Rounds each weight to the nearest integer of a grid that reaches the largest weight with the same scale; where scales are powers of two, of the
/// power that does or of half of it, whichever errs less.
public final class Nearest {

  private Nearest() {}

  /// Weights whose scales may be as small as any.
  public static QuantizedWeight quantize(
      Tensor weight, Granularity granularity, QuantizedType type) {
    return quantize(weight, granularity, type, Scales.ANY);
  }

  /// @param allowed the numbers that scales may be
  static QuantizedWeight quantize(
      Tensor weight, Granularity granularity, QuantizedType type, Scales allowed) {
    float[] least = new float[Math.toIntExact(granularity.scales(weight.shape()).count())];
    Arrays.fill(least, Affine.MIN_SCALE);
    return quantize(weight, granularity, type, least, allowed);
  }

  /// A scale for each index of `axis`.
  ///
  /// @param leastScale [channels] no scale is smaller
  public static QuantizedWeight quantize(
      Tensor weight, int axis, QuantizedType type, float[] leastScale) {
    return quantize(weight, Granularity.perChannel(axis), type, leastScale, Scales.ANY);
  }

  /// @param leastScale [scales] none is smaller: keeps an int32 bias of a dead channel from overflowing
  static QuantizedWeight quantize(
      Tensor weight,
      Granularity granularity,
      QuantizedType type,
      float[] leastScale,
      Scales allowed) {
    float[] values = weight.toFloats();
    ScaleIndex channels = granularity.index(weight.shape());
    float[] scales = new float[leastScale.length];
    for (int i = 0; i < values.length; i++) {
      int channel = channels.of(i);
      scales[channel] = Math.max(scales[channel], Math.abs(values[i]) / type.high());
    }
    for (int c = 0; c < scales.length; c++) {
      scales[c] = allowed.up(Math.max(scales[c], leastScale[c]));
    }
    Grid grid = new Grid(type, granularity, scales);
    if (allowed == Scales.POWERS_OF_TWO) {
      grid = halvedWhereBetter(values, channels, grid, leastScale);
    }
    return round(weight, values, grid);
  }

  private static Grid halvedWhereBetter(
      float[] values, ScaleIndex channels, Grid whole, float[] leastScale) {
    float[] scales = whole.scales().clone();
    for (int c = 0; c < scales.length; c++) {
      scales[c] = scales[c] / 2 >= leastScale[c] ? scales[c] / 2 : scales[c];
    }
    Grid half = new Grid(whole.type(), whole.granularity(), scales);
    double[] gained = new double[scales.length];
    for (int i = 0; i < values.length; i++) {
      int c = channels.of(i);
      gained[c] += square(values[i], whole, c) - square(values[i], half, c);
    }
    for (int c = 0; c < scales.length; c++) {
      scales[c] = gained[c] > 0 ? scales[c] : whole.scales()[c];
    }
    return new Grid(whole.type(), whole.granularity(), scales);
  }

  private static double square(float value, Grid grid, int channel) {
    double error = value - (double) grid.scales()[channel] * grid.quantize(channel, value);
    return error * error;
  }

  private static QuantizedWeight round(Tensor weight, float[] values, Grid grid) {
    ScaleIndex channels = grid.granularity().index(weight.shape());
    byte[] integers = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      integers[i] = (byte) grid.quantize(channels.of(i), values[i]);
    }
    return new QuantizedWeight(weight.shape(), grid, integers);
  }
}
