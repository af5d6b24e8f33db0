package dev.halftone.recipe;

import dev.halftone.InvalidRecipeException;
import java.util.List;
import java.util.OptionalInt;

/// Other bits for some nodes than for the rest.
///
/// @param nodes pattern of node names, `*` for anything; also of the network's inputs, as far as activations go
/// @param weightBits of their weights, 2 to 8; the recipe's where empty
/// @param activationBits of the activations they make, 2 to 8, 16 or 32; the recipe's where empty
public record NodeBits(String nodes, OptionalInt weightBits, OptionalInt activationBits) {

  /// Bits of activations that stay float; the weights are integers in the file, and float when they are multiplied.
  public static final int FLOAT_BITS = 32;

  public NodeBits {
    if (nodes.isEmpty()) {
      throw new InvalidRecipeException(
          "recipe field overrides.nodes is a pattern of node names such as */conv1, not empty");
    }
    if (weightBits.isEmpty() && activationBits.isEmpty()) {
      throw new InvalidRecipeException(
          "recipe field overrides gives weightBits, activationBits or both for "
              + nodes
              + ", not neither");
    }
    weightBits.ifPresent(bits -> checkWeightBits("overrides.weightBits", bits));
    activationBits.ifPresent(bits -> checkActivationBits("overrides.activationBits", bits));
  }

  public static NodeBits weights(String nodes, int bits) {
    return new NodeBits(nodes, OptionalInt.of(bits), OptionalInt.empty());
  }

  public static NodeBits activations(String nodes, int bits) {
    return new NodeBits(nodes, OptionalInt.empty(), OptionalInt.of(bits));
  }

  /// The same bits of the activations of each of these.
  public static List<NodeBits> activations(List<String> nodes, int bits) {
    return nodes.stream().map(node -> activations(node, bits)).toList();
  }

  /// As in `*/dw/*: 6-bit weights, 16-bit activations`.
  public String text() {
    String weights = weightBits.isPresent() ? weightBits.getAsInt() + "-bit weights" : "";
    String activations =
        activationBits.isPresent() ? activationBits.getAsInt() + "-bit activations" : "";
    String both = weights.isEmpty() || activations.isEmpty() ? "" : ", ";
    return nodes + ": " + weights + both + activations;
  }

  static void checkWeightBits(String field, int bits) {
    if (bits < 2 || bits > 8) {
      throw new InvalidRecipeException("recipe field " + field + " is 2 to 8, not " + bits);
    }
  }

  static void checkActivationBits(String field, int bits) {
    if ((bits < 2 || bits > 8) && bits != 16 && bits != FLOAT_BITS) {
      throw new InvalidRecipeException(
          "recipe field " + field + " is 2 to 8, 16 or 32 (float), not " + bits);
    }
  }
}
