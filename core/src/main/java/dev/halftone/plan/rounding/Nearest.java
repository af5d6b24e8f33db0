package dev.halftone.plan.rounding;

import dev.halftone.scheme.Channels;
import dev.halftone.scheme.PerChannel;
import dev.halftone.scheme.QuantizedType;
import dev.halftone.scheme.QuantizedWeight;
import dev.halftone.scheme.Scales;
import dev.halftone.tensor.Tensor;

/// Rounds each weight to the nearest integer of a grid that reaches the channel's largest weight; where scales are powers of two, of the
/// power that does or of half of it, whichever errs less.
public final class Nearest {

  private Nearest() {}

  /// @param leastScale [channels] no scale is smaller: keeps an int32 bias of a dead channel from overflowing
  public static QuantizedWeight quantize(
      Tensor weight, int axis, QuantizedType type, float[] leastScale) {
    return quantize(weight, axis, type, leastScale, Scales.ANY);
  }

  /// @param leastScale [channels] no scale is smaller
  static QuantizedWeight quantize(
      Tensor weight, int axis, QuantizedType type, float[] leastScale, Scales allowed) {
    float[] values = weight.toFloats();
    Channels channels = Channels.of(weight.shape(), axis);
    float[] scales = new float[channels.count()];
    for (int i = 0; i < values.length; i++) {
      int channel = channels.of(i);
      scales[channel] = Math.max(scales[channel], Math.abs(values[i]) / type.high());
    }
    for (int c = 0; c < scales.length; c++) {
      scales[c] = allowed.up(Math.max(scales[c], leastScale[c]));
    }
    PerChannel grid = new PerChannel(type, axis, scales);
    if (allowed == Scales.POWERS_OF_TWO) {
      grid = halvedWhereBetter(values, channels, grid, leastScale);
    }
    return round(weight, values, grid);
  }

  private static PerChannel halvedWhereBetter(
      float[] values, Channels channels, PerChannel whole, float[] leastScale) {
    float[] scales = whole.scales().clone();
    for (int c = 0; c < scales.length; c++) {
      scales[c] = scales[c] / 2 >= leastScale[c] ? scales[c] / 2 : scales[c];
    }
    PerChannel half = new PerChannel(whole.type(), whole.axis(), scales);
    double[] gained = new double[scales.length];
    for (int i = 0; i < values.length; i++) {
      int c = channels.of(i);
      gained[c] += square(values[i], whole, c) - square(values[i], half, c);
    }
    for (int c = 0; c < scales.length; c++) {
      scales[c] = gained[c] > 0 ? scales[c] : whole.scales()[c];
    }
    return new PerChannel(whole.type(), whole.axis(), scales);
  }

  private static double square(float value, PerChannel grid, int channel) {
    double error = value - (double) grid.scales()[channel] * grid.quantize(channel, value);
    return error * error;
  }

  private static QuantizedWeight round(Tensor weight, float[] values, PerChannel grid) {
    Channels channels = Channels.of(weight.shape(), grid.axis());
    byte[] integers = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      integers[i] = (byte) grid.quantize(channels.of(i), values[i]);
    }
    return new QuantizedWeight(weight.shape(), grid, integers);
  }
}
