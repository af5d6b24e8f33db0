package dev.halftone.recipe;

import dev.halftone.InvalidRecipeException;
import dev.halftone.form.BlockWise;
import java.util.Optional;

/// The form that the weights of an operation take in the file.
public sealed interface WeightScheme {

  /// Floats, as they were.
  record Float() implements WeightScheme {}

  /// Integers with a scale an output channel, or one for some neighbours.
  ///
  /// @param bits 2 to 8
  /// @param group how many weights of a matrix share a scale, along the axis that a product sums over: a power of two, 16 to 256; a product
  ///     with such weights computes with floats. Matrices that are no whole number of groups high keep a scale an output channel
  record Integers(int bits, Optional<Integer> group) implements WeightScheme {
    public Integers {
      if (bits < 2 || bits > 8) {
        throw new InvalidRecipeException("recipe field weights.bits is 2 to 8, not " + bits);
      }
      group
          .filter(size -> !BlockWise.isSize(size))
          .ifPresent(size -> {
            throw new InvalidRecipeException(
                "recipe field weights.group is 16, 32, 64, 128 or 256, not " + size);
          });
    }

    /// A scale an output channel.
    public Integers(int bits) {
      this(bits, Optional.empty());
    }
  }

  /// As in `4-bit weights`.
  default String text() {
    return switch (this) {
      case Float() -> "float weights";
      case Integers(int bits, Optional<Integer> group) ->
          bits + "-bit weights" + group.map(size -> " in groups of " + size).orElse("");
    };
  }
}
