package dev.halftone.recipe;

import dev.halftone.InvalidRecipeException;

/// The form that the weights of an operation take in the file.
public sealed interface WeightScheme {

  /// Floats, as they were.
  record Float() implements WeightScheme {}

  /// Integers with a scale an output channel.
  ///
  /// @param bits 2 to 8
  record Integers(int bits) implements WeightScheme {
    public Integers {
      if (bits < 2 || bits > 8) {
        throw new InvalidRecipeException("recipe field weights.bits is 2 to 8, not " + bits);
      }
    }
  }

  /// As in `4-bit weights`.
  default String text() {
    return switch (this) {
      case Float() -> "float weights";
      case Integers(int bits) -> bits + "-bit weights";
    };
  }
}
