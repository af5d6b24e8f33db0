package dev.halftone.device;

/// A runtime's treatment of an operation between dequantized inputs and a quantized output.
public enum IntegerKernel {
  /// Integer kernel when its weights are constant and quantized; the bias becomes int32.
  WEIGHTED,
  /// Integer kernel whatever the scales of its inputs and its output.
  ARITHMETIC,
  /// Moves or selects elements: integer when scale and zero point are the same on both sides.
  MOVE,
  /// A product with a positive number: the same integers under another scale, no kernel at all.
  SCALE,
  /// Clamps: free where the output range of what it follows does the clamping.
  CLAMP,
  /// Floats only.
  NONE
}
