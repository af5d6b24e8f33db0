package dev.halftone.device;

/// A property of a device's kernel that plans, rewriting or reasons depend on.
public enum Trait {
  /// Computes on activations of 16 bits too.
  WIDE,
  /// Ends with a clamp where one alone reads its result.
  TAKES_CLAMP,
  /// Needs no QuantizeLinear behind it: hands out floats, or positions.
  GIVES_FLOATS,
  /// Lets QuantizeLinear and DequantizeLinear move from one side to the other, and so runs in integers where one side has them.
  CROSSED,
  /// Is fused in forms without a kernel too, and the runtime then refuses the model: such forms must not stand between
  /// DequantizeLinear and QuantizeLinear.
  FUSED_BLINDLY,
  /// Rounds constant float weights by itself, with one scale for all channels, where it stands between DequantizeLinear and
  /// QuantizeLinear.
  ROUNDS_WEIGHTS,
  /// Rounds a float bias by itself.
  TAKES_FLOAT_BIAS,
  /// Wants an int32 bias in units of input scale times weight scale.
  CHECKS_BIAS,
  /// Is fused with the Add of a bias behind it, where extents are known, into what has no integer kernel.
  FUSED_WITH_ADD,
  /// There for models that ask for it: plans make no integers for it.
  UNUSED
}
