package dev.halftone.litert;

/// The choice of LiteRT's kernels that compute.
enum Kernels {
  /// As an app gets them: XNNPACK where it takes an operation, else the optimized ones. XNNPACK rescales in float, so its integers can
  /// differ by one from the others.
  DEFAULT,
  /// The optimized ones of LiteRT itself, without XNNPACK.
  OPTIMIZED,
  /// Those that define what an operation is.
  REFERENCE
}
