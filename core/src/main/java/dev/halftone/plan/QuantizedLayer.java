package dev.halftone.plan;

import dev.halftone.scheme.QuantizedWeight;

/// The numbers of a layer: integer weights, and the bias in real units, which becomes int32 with scale sx * sw when it is written.
///
/// @param bias [output channels]; empty where the layer has none
public record QuantizedLayer(QuantizedWeight weight, float[] bias) {

  public QuantizedLayer withWeight(QuantizedWeight other) {
    return new QuantizedLayer(other, bias);
  }

  public QuantizedLayer withBias(float[] other) {
    return new QuantizedLayer(weight, other);
  }
}
