package dev.halftone.plan.rounding;

import dev.halftone.scheme.Channels;
import dev.halftone.scheme.PerChannel;
import dev.halftone.scheme.QuantizedType;
import dev.halftone.scheme.QuantizedWeight;
import dev.halftone.tensor.Tensor;

/// Rounds each weight to the nearest integer of a grid that reaches the channel's largest weight.
public final class Nearest {

  private Nearest() {}

  /// @param leastScale [channels] no scale is smaller: keeps an int32 bias of a dead channel from overflowing
  public static QuantizedWeight quantize(
      Tensor weight, int axis, QuantizedType type, float[] leastScale) {
    float[] values = weight.toFloats();
    Channels channels = Channels.of(weight.shape(), axis);
    float[] scales = new float[channels.count()];
    for (int i = 0; i < values.length; i++) {
      int channel = channels.of(i);
      scales[channel] = Math.max(scales[channel], Math.abs(values[i]) / type.high());
    }
    for (int c = 0; c < scales.length; c++) {
      scales[c] = Math.max(scales[c], leastScale[c]);
    }
    return round(weight, values, new PerChannel(type, axis, scales));
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
