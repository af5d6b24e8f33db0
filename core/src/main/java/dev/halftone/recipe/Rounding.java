package dev.halftone.recipe;

import dev.halftone.InvalidRecipeException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// The rule that chooses the integers of a layer's weights from the grid.
public enum Rounding {
  /// Each weight by itself to the nearest integer: the least error of every weight. Needs no samples, and is hard to beat at 8 bits once
  /// biases are corrected.
  NEAREST,
  /// All weights of an output channel together, for the least squared error of what the layer makes: with x what the layer reads and
  /// H = E[x x^T], tr((W-Q) H (W-Q)^T) is made small by feeding the error of each rounded weight into those not yet rounded (Frantar et
  /// al. 2022, "GPTQ"; the same as Babai's nearest plane). Needs samples; below 6 bits it is most of the difference between a usable
  /// network and noise.
  LEAST_SQUARES,
  /// The same; and where weights have 5 bits and fewer, a layer's codes are not evenly spaced but stand for integers of 7 bits, chosen where
  /// its weights are dense (Lloyd 1982). Worth a quarter of a bit at 4 bits, for nothing: ONNX Runtime looks them up when it loads the model.
  /// Devices that would have to look them up at every run get least squares.
  CODEBOOK;

  /// True where the weights are solved for, on samples.
  public boolean solves() {
    return this != NEAREST;
  }

  /// As in `least-squares`.
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// What [#parse] reads.
  static List<String> texts() {
    return Arrays.stream(values()).map(Rounding::text).toList();
  }

  /// Reads what [#text] gives. Throws InvalidRecipeException, whose message begins with `rounding`, the name of the field and of the option.
  public static Rounding parse(String text) {
    return Arrays.stream(values())
        .filter(rounding -> rounding.text().equals(text.toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(() ->
            new InvalidRecipeException(
                "rounding is one of " + String.join(", ", texts()) + "; not " + text));
  }
}
