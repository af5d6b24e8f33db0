package dev.halftone.equalize;

import static java.util.Objects.requireNonNull;

import dev.halftone.scheme.Range;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/// Chooses the factors that divide the channels of a region: of several balances between large activations and large weights
/// the one whose noise, as estimated from weights, extremes and powers, is least.
///
/// A channel that reaches r and is read by weights of at most w gets r^a / w^(1-a) (SmoothQuant, Xiao et al. 2023); with a = 1 all
/// channels reach equally far, which costs nothing where depthwise weights read them, for these have a scale for each channel.
final class EqualizationFactors {

  private static final double[] BALANCES = {0.5, 0.75, 1};

  /// How many times less noise pays for new numbers and for an operation more at each gate.
  private static final double WORTHWHILE = 4;

  /// Noise over signal, behind the layers that read, that pays for them in any case: 27 dB.
  private static final double NOTICEABLE = 0.002;

  /// Factors are multiples of the 255th of the largest: constants that 8 bits hold exactly.
  private static final int STEPS = 255;

  private final ScalableRegion stretch;
  private final Map<String, ChannelRange> reaches;
  private final double weightSteps;

  /// Of the tensor, of each channel, without what is of no account.
  private final double[] lows;

  private final double[] highs;

  private EqualizationFactors(
      ScalableRegion stretch, Map<String, ChannelRange> reaches, int weightBits) {
    this.stretch = stretch;
    this.reaches = reaches;
    this.weightSteps = (1 << weightBits - 1) - 1;
    ChannelRange reach = reach(stretch.tensor());
    double floor = stretch.floor().map(Double::valueOf).orElse(Double.NEGATIVE_INFINITY);
    this.lows = new double[stretch.channels()];
    this.highs = new double[stretch.channels()];
    Arrays.setAll(lows, c -> Math.max(reach.low(c), floor));
    Arrays.setAll(highs, reach::high);
  }

  /// Empty where nothing else is better than the tensor as it is.
  ///
  /// @param reaches of all [ScalableRegion#places]
  /// @param weightBits of the layers that read
  static Optional<ScaledChannels> choose(
      ScalableRegion stretch, Map<String, ChannelRange> reaches, int weightBits) {
    EqualizationFactors factors = new EqualizationFactors(stretch, reaches, weightBits);
    double[] best = factors.best();
    Optional<Float> floor =
        stretch.floor().filter(_ -> factors.isCut()).map(_ -> factors.divided(best).low());
    ScaledChannels scaled = new ScaledChannels(Arrays.stream(best).boxed().toList(), floor);
    return scaled.isDivided() || floor.isPresent() ? Optional.of(scaled) : Optional.empty();
  }

  private ChannelRange reach(String tensor) {
    return requireNonNull(reaches.get(tensor));
  }

  private boolean isCut() {
    ChannelRange reach = reach(stretch.tensor());
    for (int c = 0; c < lows.length; c++) {
      if (reach.low(c) < lows[c]) {
        return true;
      }
    }
    return false;
  }

  private double[] best() {
    double[] none = new double[stretch.channels()];
    Arrays.fill(none, 1);
    if (stretch.readers().isEmpty()) {
      return none;
    }
    double before = noise(none);
    double[] best = none;
    double least = Math.max(before / WORTHWHILE, before - NOTICEABLE);
    double[] magnitudes = new double[lows.length];
    Arrays.setAll(magnitudes, c -> Math.max(-lows[c], highs[c]));
    double[] weights = largestWeights();
    for (double balance : BALANCES) {
      double[] factors = withRoom(balanced(magnitudes, weights, balance));
      double noise = noise(factors);
      if (noise < least) {
        best = factors;
        least = noise;
      }
    }
    return best;
  }

  /// The largest of all that read a channel.
  private double[] largestWeights() {
    double[] largest = new double[lows.length];
    for (ScalableRegion.Reader reader : stretch.readers()) {
      ChannelConstant weight = reader.weight();
      float[] values = weight.value().toFloats();
      for (int i = 0; i < values.length; i++) {
        int c = weight.channels().of(i);
        if (c >= 0) {
          largest[c] = Math.max(largest[c], Math.abs(values[i]));
        }
      }
    }
    return largest;
  }

  private static double[] balanced(double[] magnitudes, double[] weights, double balance) {
    double[] factors = new double[magnitudes.length];
    Arrays.setAll(
        factors,
        c ->
            Math.pow(magnitudes[c], balance)
                / Math.pow(Math.max(weights[c], Double.MIN_NORMAL), 1 - balance));
    double most = Arrays.stream(factors).filter(Double::isFinite).max().orElse(0);
    Arrays.setAll(
        factors,
        c -> {
          double share = most > 0 && magnitudes[c] > 0 ? Math.min(1, factors[c] / most) : 1;
          return Math.max(1, Math.rint(share * STEPS)) / STEPS;
        });
    return factors;
  }

  /// All of them smaller, where what the tensor is concatenated with reaches farther: they share a scale.
  private double[] withRoom(double[] factors) {
    double room = 0;
    for (ScalableRegion.Reader reader : stretch.readers()) {
      double all = magnitude(read(reader, factors, true));
      room = Math.max(room, all > 0 ? magnitude(read(reader, factors, false)) / all : 1);
    }
    double least = room == 0 ? 1 : room;
    return Arrays.stream(factors).map(factor -> factor * least).toArray();
  }

  private static double magnitude(Range range) {
    return Math.max(-range.low(), range.high());
  }

  /// What the tensor reaches once it is divided.
  private Range divided(double[] factors) {
    double low = 0;
    double high = 0;
    for (int c = 0; c < factors.length; c++) {
      low = Math.min(low, lows[c] / factors[c]);
      high = Math.max(high, highs[c] / factors[c]);
    }
    return new Range((float) low, (float) high);
  }

  /// What it reaches where a layer reads it.
  ///
  /// @param beside with what it was concatenated with
  private Range read(ScalableRegion.Reader reader, double[] factors, boolean beside) {
    ChannelRange reach = reach(reader.tensor());
    double low = 0;
    double high = 0;
    for (int at = 0; at < reader.place().of(); at++) {
      int c = at - reader.place().from();
      boolean isOwn = c >= 0 && c < factors.length;
      if (isOwn || beside) {
        double factor = isOwn ? factors[c] : 1;
        low = Math.min(low, reach.low(at) / factor);
        high = Math.max(high, reach.high(at) / factor);
      }
    }
    return new Range((float) low, (float) high);
  }

  /// Noise over signal of what the readers make, mean over their outputs and sum over readers.
  private double noise(double[] factors) {
    Range own = divided(factors);
    double ofTensor = stretch.gates().isEmpty() ? 0 : ofRounding(own);
    double sum = 0;
    for (ScalableRegion.Reader reader : stretch.readers()) {
      double ofRead = ofRounding(read(reader, factors, true));
      sum += noise(reader, factors, ofTensor + ofRead);
    }
    return sum;
  }

  private static double ofRounding(Range range) {
    return square(((double) range.high() - range.low()) / STEPS) / 12;
  }

  /// @param rounding noise of each activation that is read
  private double noise(ScalableRegion.Reader reader, double[] factors, double rounding) {
    ChannelConstant weight = reader.weight();
    ChannelRange reach = reach(reader.tensor());
    float[] weights = weight.value().toFloats();
    int outputs = weight.outputs().count();
    double[] signal = new double[outputs];
    double[] ofActivations = new double[outputs];
    double[] inputs = new double[outputs];
    double[] largest = new double[outputs];
    double[] powers = new double[factors.length];
    Arrays.setAll(powers, c -> reach.power(reader.place().from() + c));
    for (int i = 0; i < weights.length; i++) {
      int c = weight.channels().of(i);
      if (c < 0) {
        continue;
      }
      int o = weight.outputs().of(i);
      double scaled = weights[i] * factors[c];
      signal[o] += square(weights[i]) * powers[c];
      ofActivations[o] += square(scaled) * rounding;
      inputs[o] += powers[c] / square(factors[c]);
      largest[o] = Math.max(largest[o], Math.abs(scaled));
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
