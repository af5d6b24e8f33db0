package dev.halftone;

/// A recipe asks for something that cannot be. The message names the field, the legal range and the value.
public class InvalidRecipeException extends UnusableInputException {

  public InvalidRecipeException(String message) {
    super(message);
  }
}
