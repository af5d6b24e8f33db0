package dev.halftone.recipe;

import dev.halftone.InvalidRecipeException;

/// The way in which a network's numbers are found, for all of its operations alike.
///
/// @param equalization whether channels that differ in size are brought to one size before they share a scale
/// @param rounding how the integers of the weights are chosen
/// @param biasCorrection whether biases make up for the mean error of each layer, measured after its activation
/// @param samples how many samples rounding, bias correction and the choice of ranges measure with, at most: 1 to 256
public record Method(boolean equalization, Rounding rounding, boolean biasCorrection, int samples) {

  public static final int MAX_SAMPLES = 256;

  public Method {
    if (samples < 1 || samples > MAX_SAMPLES) {
      throw new InvalidRecipeException(
          "recipe field samples is 1 to " + MAX_SAMPLES + ", not " + samples);
    }
  }

  /// How many samples a method takes that differs from this one by its rounding: solving chooses many more numbers than biases are.
  int samplesWith(Rounding other) {
    return other.solves() && !rounding.solves() ? MAX_SAMPLES : samples;
  }

  Method equalizing(boolean other) {
    return new Method(other, rounding, biasCorrection, samples);
  }

  Method withRounding(Rounding other) {
    return new Method(equalization, other, biasCorrection, samplesWith(other));
  }

  Method correctingBiases(boolean other) {
    return new Method(equalization, rounding, other, samples);
  }

  Method withSamples(int other) {
    return new Method(equalization, rounding, biasCorrection, other);
  }
}
