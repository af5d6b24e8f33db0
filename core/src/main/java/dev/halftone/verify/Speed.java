package dev.halftone.verify;

/// Latency of both models, measured in turns in one run, the float model first.
///
/// @param conditions what ran them and how, as in `ONNX Runtime 1.29.0, 1 thread, batch 1`
public record Speed(Latency floatModel, Latency quantized, String conditions) {

  public Speed {
    if (!(quantized.ratioToFirst() > 0)) {
      throw new IllegalArgumentException("no ratio of times: " + quantized.ratioToFirst());
    }
  }

  /// Float by quantized: 2 is twice as fast.
  public double ratio() {
    return floatModel.ratioToFirst() / quantized.ratioToFirst();
  }
}
