package dev.halftone.verify;

import java.util.List;
import java.util.Objects;

/// Latency of both models, measured in turns in one run, the float model first.
///
/// @param conditions what ran them and how, as in `ONNX Runtime 1.29.0, 1 thread, batch 1`
/// @param lengths the same on texts of other lengths, shortest first; none of models that do not read texts
public record Speed(
    Latency floatModel, Latency quantized, String conditions, List<AtLength> lengths) {

  /// Latency of both models on a text of so many tokens.
  public record AtLength(int tokens, Latency floatModel, Latency quantized) {

    /// Float by quantized: 2 is twice as fast.
    public double ratio() {
      return Speed.ratio(floatModel, quantized);
    }
  }

  public Speed {
    if (!(quantized.ratioToFirst() > 0)) {
      throw new IllegalArgumentException("no ratio of times: " + quantized.ratioToFirst());
    }
    lengths = List.copyOf(Objects.requireNonNullElse(lengths, List.of())); // none in older files
  }

  /// Float by quantized: 2 is twice as fast.
  public double ratio() {
    return ratio(floatModel, quantized);
  }

  private static double ratio(Latency floatModel, Latency quantized) {
    return floatModel.ratioToFirst() / quantized.ratioToFirst();
  }
}
