package dev.halftone.integer;

import dev.halftone.scheme.FixedPoint;
import java.util.Arrays;
import java.util.List;

/// The numbers of a weighted operation.
///
/// `output = clamp(zeroPoint + rescale[c] * (bias[c] + sum of (x - inputZeroPoint) * w))`
///
/// @param values int8, symmetric about 0; the operation says in which layout
/// @param bias [output channels], in units of input scale times weight scale
/// @param rescale [output channels], input scale times weight scale over output scale
/// @param scales [output channels], what a weight of 1 means; no kernel reads them
public record Weights(byte[] values, int[] bias, List<FixedPoint> rescale, float[] scales) {

  public Weights {
    rescale = List.copyOf(rescale);
    if (bias.length != rescale.size() || scales.length != rescale.size() || bias.length == 0) {
      throw new IllegalArgumentException(
          bias.length
              + " biases, "
              + rescale.size()
              + " multipliers and "
              + scales.length
              + " scales");
    }
  }

  /// True where two fit in a byte.
  public boolean fitFourBits() {
    for (byte value : values) {
      if (value < -8 || value > 7) {
        return false;
      }
    }
    return true;
  }

  /// Those of a depthwise layer, [taps][outputs], as [outputs][taps].
  public Weights outputsFirst() {
    int taps = values.length / outputs();
    byte[] turned = new byte[values.length];
    for (int i = 0; i < turned.length; i++) {
      turned[i] = values[i % taps * outputs() + i / taps];
    }
    return new Weights(turned, bias, rescale, scales);
  }

  public int outputs() {
    return bias.length;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Weights weights
        && Arrays.equals(values, weights.values)
        && Arrays.equals(bias, weights.bias)
        && Arrays.equals(scales, weights.scales)
        && rescale.equals(weights.rescale);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(values) + Arrays.hashCode(bias);
  }

  @Override
  public String toString() {
    return values.length + " weights of " + bias.length + " outputs";
  }
}
