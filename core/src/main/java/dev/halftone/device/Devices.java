package dev.halftone.device;

/// The devices that models are quantized for.
public final class Devices {

  /// ONNX Runtime's CPU provider: what it has no integer kernel for stays float between conversions.
  public static final Device ONNX_RUNTIME_CPU = new OrtCpu();

  /// Devices without floats: everything must be integer, from the input to the output.
  public static final Device INTEGERS_ONLY = new IntegerOnly();

  private Devices() {}
}
