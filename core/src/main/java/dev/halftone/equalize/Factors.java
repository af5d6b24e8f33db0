package dev.halftone.equalize;

import java.util.Arrays;

/// Which factors the channels of a stretch are divided by: of several balances between large activations and large weights the one whose
/// noise, as estimated from weights and extremes, is least.
///
/// A channel that reaches r and is read by weights of at most w gets r^a / w^(1-a) (SmoothQuant, Xiao et al. 2023); with a = 1 all
/// channels reach equally far, which costs nothing where depthwise weights read them, for these have a scale for each channel.
final class Factors {

  private static final double[] BALANCES = {0.5, 0.75, 1};

  /// How many times less noise pays for new numbers and for an operation more at each gate.
  private static final double WORTHWHILE = 4;

  /// The largest magnitude of activations over their root mean square, roughly.
  private static final double CREST = 6;

  /// Factors are multiples of the 255th of the largest: constants that 8 bits hold exactly.
  private static final int STEPS = 255;

  private final Stretch stretch;
  private final Reach reach;
  private final double weightSteps;

  /// Largest of each channel.
  private final double[] magnitudes;

  /// Largest of all that read a channel.
  private final double[] largestWeights;

  /// @param weightBits of the layers that read
  private Factors(Stretch stretch, Reach reach, int weightBits) {
    this.stretch = stretch;
    this.reach = reach;
    this.weightSteps = (1 << weightBits - 1) - 1;
    this.magnitudes = reach.magnitudes();
    this.largestWeights = largestWeights(stretch);
  }

  /// One factor a channel, 0 to 1; all are 1 where nothing else is better.
  static double[] choose(Stretch stretch, Reach reach, int weightBits) {
    return new Factors(stretch, reach, weightBits).best();
  }

  private double[] best() {
    double[] none = new double[stretch.channels()];
    Arrays.fill(none, 1);
    if (stretch.readers().isEmpty()) {
      return none;
    }
    double[] best = none;
    double least = noise(none) / WORTHWHILE;
    for (double balance : BALANCES) {
      double[] factors = balanced(balance);
      double noise = noise(factors);
      if (noise < least) {
        best = factors;
        least = noise;
      }
    }
    return best;
  }

  private double[] balanced(double balance) {
    double[] factors = new double[magnitudes.length];
    Arrays.setAll(
        factors,
        c ->
            Math.pow(magnitudes[c], balance)
                / Math.pow(Math.max(largestWeights[c], Double.MIN_NORMAL), 1 - balance));
    double most = Arrays.stream(factors).filter(Double::isFinite).max().orElse(0);
    Arrays.setAll(
        factors,
        c -> {
          double share = most > 0 && magnitudes[c] > 0 ? Math.min(1, factors[c] / most) : 1;
          return Math.max(1, Math.rint(share * STEPS)) / STEPS;
        });
    return factors;
  }

  private static double[] largestWeights(Stretch stretch) {
    double[] largest = new double[stretch.channels()];
    for (PerChannel reader : stretch.readers()) {
      float[] values = reader.value().toFloats();
      for (int i = 0; i < values.length; i++) {
        int channel = reader.channel().applyAsInt(i);
        largest[channel] = Math.max(largest[channel], Math.abs(values[i]));
      }
    }
    return largest;
  }

  /// Noise over signal of what the readers make, mean over their outputs and sum over readers.
  private double noise(double[] factors) {
    double low = 0;
    double high = 0;
    for (int c = 0; c < factors.length; c++) {
      low = Math.min(low, reach.low(c) / factors[c]);
      high = Math.max(high, reach.high(c) / factors[c]);
    }
    double step = (high - low) / 255;
    return stretch.readers().stream().mapToDouble(reader -> noise(reader, factors, step)).sum();
  }

  private double noise(PerChannel reader, double[] factors, double step) {
    float[] weights = reader.value().toFloats();
    int outputs = reader.outputs();
    double[] signal = new double[outputs];
    double[] ofActivations = new double[outputs];
    double[] inputs = new double[outputs];
    double[] largest = new double[outputs];
    for (int i = 0; i < weights.length; i++) {
      int c = reader.channel().applyAsInt(i);
      int o = reader.output().applyAsInt(i);
      double typical = magnitudes[c] / CREST;
      double weight = weights[i] * factors[c];
      signal[o] += square(weights[i] * typical);
      ofActivations[o] += square(weight * step) / 12;
      inputs[o] += square(typical / factors[c]);
      largest[o] = Math.max(largest[o], Math.abs(weight));
    }
    double sum = 0;
    int alive = 0;
    for (int o = 0; o < outputs; o++) {
      if (signal[o] > 0) {
        double noise = ofActivations[o] + square(largest[o] / weightSteps) / 12 * inputs[o];
        sum += noise / (noise + signal[o]);
        alive++;
      }
    }
    return alive == 0 ? 0 : sum / alive;
  }

  private static double square(double value) {
    return value * value;
  }
}
