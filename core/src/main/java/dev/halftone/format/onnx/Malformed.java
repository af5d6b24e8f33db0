package dev.halftone.format.onnx;

/// The bytes break the wire format or the ONNX specification. The message is a clause without a file name; [OnnxReader] makes
/// it a sentence for the user.
final class Malformed extends RuntimeException {

  Malformed(String message) {
    super(message);
  }
}
