package dev.halftone;

/// The model is well formed but holds something this build cannot treat. The message names node, operation and opset, and says
/// what to do.
public class UnsupportedModelException extends UnusableInputException {

  public UnsupportedModelException(String message) {
    super(message);
  }
}
