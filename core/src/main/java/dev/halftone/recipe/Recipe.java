package dev.halftone.recipe;

import dev.halftone.InvalidRecipeException;
import dev.halftone.scheme.QuantizedType;
import java.util.List;
import java.util.Locale;

/// What the user asks of a quantization.
///
/// @param name for reports
/// @param weightBits bits of a weight, 2 to 8
/// @param activationBits bits of an activation: 8
/// @param observer how activation ranges are chosen
/// @param biasCorrection whether biases make up for the mean error of each layer, measured after its activation
/// @param correctionSamples samples that bias correction measures with, at most
/// @param keepFloat patterns of node names (`*` for anything) that stay float
public record Recipe(
    String name,
    int weightBits,
    int activationBits,
    Observer observer,
    boolean biasCorrection,
    int correctionSamples,
    List<String> keepFloat) {

  public Recipe {
    if (weightBits < 2 || weightBits > 8) {
      throw new InvalidRecipeException("recipe field weightBits is 2 to 8, not " + weightBits);
    }
    if (activationBits != 8) {
      throw new InvalidRecipeException("recipe field activationBits is 8, not " + activationBits);
    }
    if (correctionSamples < 1) {
      throw new InvalidRecipeException(
          "recipe field correctionSamples is 1 or more, not " + correctionSamples);
    }
    keepFloat = List.copyOf(keepFloat);
  }

  /// 8-bit weights and activations.
  public static final Recipe W8A8 =
      new Recipe("w8a8", 8, 8, new Observer.Mse(), true, 64, List.of());

  public static final List<String> NAMES = List.of("w8a8");

  /// The recipe of this name.
  public static Recipe named(String name) {
    if (name.toLowerCase(Locale.ROOT).equals("w8a8")) {
      return W8A8;
    }
    throw new InvalidRecipeException(
        "recipe is one of " + String.join(", ", NAMES) + "; not " + name);
  }

  public QuantizedType weightType() {
    return QuantizedType.weight(weightBits);
  }

  public QuantizedType activationType() {
    return QuantizedType.UINT8;
  }

  public Recipe withObserver(Observer other) {
    return new Recipe(
        name, weightBits, activationBits, other, biasCorrection, correctionSamples, keepFloat);
  }

  public Recipe withBiasCorrection(boolean other) {
    return new Recipe(
        name, weightBits, activationBits, observer, other, correctionSamples, keepFloat);
  }

  public Recipe withKeepFloat(List<String> other) {
    return new Recipe(
        name, weightBits, activationBits, observer, biasCorrection, correctionSamples, other);
  }

  /// True where the pattern list keeps a node of this name float.
  public boolean keepsFloat(String node) {
    return keepFloat.stream().anyMatch(pattern -> node.matches(glob(pattern)));
  }

  private static String glob(String pattern) {
    StringBuilder regex = new StringBuilder();
    for (String part : pattern.split("\\*", -1)) {
      regex.append(regex.isEmpty() ? "" : ".*").append(java.util.regex.Pattern.quote(part));
    }
    return regex.toString();
  }
}
