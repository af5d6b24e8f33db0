package dev.halftone;

/// Something the user gave cannot be used. The message is one sentence that names the cause and the remedy;
/// the command ends with exit code 3.
public class UnusableInputException extends RuntimeException {

  public UnusableInputException(String message) {
    super(message);
  }

  public UnusableInputException(
      String message, @org.jspecify.annotations.Nullable Throwable cause) {
    super(message, cause);
  }
}
