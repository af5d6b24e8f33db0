package dev.halftone.measure;

/// The kind of values that a node works on.
public enum KernelKind {
  /// Quantized integers: QLinearConv, QGemm, or MaxPool, Reshape and the like on 8-bit tensors.
  INTEGER,
  /// Between floats and quantized integers: QuantizeLinear, DequantizeLinear, of activations.
  CONVERSION,
  /// Constants that are dequantized when the session starts or at each run, for a float node.
  CONSTANT,
  /// A sum of one operand: what halftone puts before a float operation so that its weights stay float too.
  COPY,
  /// Shapes and indices.
  SHAPE,
  /// Float activations with few-bit weights: MatMulNBits.
  WEIGHT_ONLY,
  FLOAT
}
