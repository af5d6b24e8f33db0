package dev.halftone.recipe;

import dev.halftone.InvalidRecipeException;
import java.util.Optional;

/// The form that the activations which an operation makes take at run time.
public sealed interface ActivationScheme {

  /// Floats: an operation with weights computes with floats, whatever its weights are in the file.
  record Float() implements ActivationScheme {}

  /// Integers whose range is chosen once, from statistics.
  ///
  /// @param bits 2 to 8, or 16
  /// @param observer how the range is chosen
  record Static(int bits, Observer observer) implements ActivationScheme {
    public Static {
      if ((bits < 2 || bits > 8) && bits != 16) {
        throw new InvalidRecipeException(
            "recipe field activations.bits is 2 to 8 or 16, not " + bits);
      }
    }
  }

  /// What products with constant weights read becomes integers of 8 bits, and what they make is float. All else computes with floats.
  ///
  /// @param scale how the inputs of a product share scales
  record Product(ProductScale scale) implements ActivationScheme {}

  /// This scheme where tensors become integers for all that reads them.
  default Optional<Static> integers() {
    return switch (this) {
      case Float(), Product(_) -> Optional.empty();
      case Static integers -> Optional.of(integers);
    };
  }

  /// How inputs of products share scales, where they alone are integers.
  default Optional<ProductScale> product() {
    return switch (this) {
      case Float(), Static(_, _) -> Optional.empty();
      case Product(ProductScale scale) -> Optional.of(scale);
    };
  }

  /// As in `16-bit activations`.
  default String text() {
    return switch (this) {
      case Float() -> "float activations";
      case Static(int bits, _) -> bits + "-bit activations";
      case Product(ProductScale scale) -> "8-bit inputs of products, " + scale.words();
    };
  }
}
