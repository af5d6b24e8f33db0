package dev.halftone.session;

import dev.halftone.plan.bits.Allocation;
import java.time.Duration;

/// A search for a recipe: which one decides, and within which bounds.
public sealed interface RecipeSearch {

  /// Several ways to 8 bits, judged on held-out samples: the best that gives the float model's answers, or loses no more than the gate allows.
  /// Where none is good enough, the layers that do the damage compute with floats, or in an export with activations of 16 bits.
  ///
  /// @param atMost the time it may take
  record Auto(Duration atMost) implements RecipeSearch {}

  /// As few bits for the weights as still give nearly all answers of the float model, or as the gate allows.
  ///
  /// @param atMost the time it may take
  record FewestBits(Duration atMost) implements RecipeSearch {}

  /// The weight bits for each layer that buy most, under a budget. Throws IllegalArgumentException where bits are none of 2 to 8.
  ///
  /// @param average bits a weight
  record AverageBits(double average) implements RecipeSearch {
    public AverageBits {
      if (!(average >= Allocation.FEWEST && average <= Allocation.MOST)) {
        throw new IllegalArgumentException(
            "--bits is 2 to 8 bits a weight or 'fewest', not " + average);
      }
    }
  }

  /// The weight bits for each layer that buy most, as many as such a file holds.
  ///
  /// @param bytes of the file, at most
  record FileSize(long bytes) implements RecipeSearch {}
}
