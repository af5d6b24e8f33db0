package dev.halftone.smooth;

import dev.halftone.scheme.ChannelValues;
import java.util.List;

/// The error that rounding makes in what products give, beside the variance of what they give, for any shifts and scales of the channels
/// that they read.
final class SmoothingError {

  /// Steps of the grid that the channels share.
  private static final int STEPS = 255;

  /// Steps of a weight from zero to its greatest magnitude; fewer than 127 where pairs of products are kept within 16 bits.
  private static final int WEIGHT_STEPS = 100;

  private static final double LEAST_SCALE = 1e-4;

  private final int channels;
  private final double[] lows; // [channels], and so the next three
  private final double[] highs;
  private final double[] means;
  private final double[] powers;
  private final List<float[][]> matrices;
  private final double[][]
      weightPowers; // [products][channels] squared length of a channel's weights
  private final double[] greatestWeights; // [channels] of all products
  private final double[] variances; // [products]

  /// @param matrices [channels][outputs] of each product
  SmoothingError(RowStatistics rows, List<float[][]> matrices) {
    this.channels = rows.channels().size();
    this.lows = new double[channels];
    this.highs = new double[channels];
    this.means = new double[channels];
    this.powers = new double[channels];
    for (int c = 0; c < channels; c++) {
      ChannelValues seen = rows.channels().get(c);
      lows[c] = seen.low();
      highs[c] = seen.high();
      means[c] = seen.mean(rows.samples());
      powers[c] = seen.power(rows.samples());
    }
    this.matrices = matrices;
    this.weightPowers = new double[matrices.size()][channels];
    this.greatestWeights = new double[channels];
    this.variances = new double[matrices.size()];
    for (int m = 0; m < matrices.size(); m++) {
      for (int c = 0; c < channels; c++) {
        for (float weight : matrices.get(m)[c]) {
          weightPowers[m][c] += (double) weight * weight;
          greatestWeights[c] = Math.max(greatestWeights[c], Math.abs(weight));
        }
        variances[m] += Math.max(0, powers[c] - means[c] * means[c]) * weightPowers[m][c];
      }
    }
  }

  /// The middle of what each channel holds.
  double[] middles() {
    double[] middles = new double[channels];
    for (int c = 0; c < channels; c++) {
      middles[c] = (lows[c] + highs[c]) / 2;
    }
    return middles;
  }

  /// `range^strength / weight^other` of each channel, the greatest being 1; a channel that is zero throughout has 1.
  double[] scales(double[] shifts, double strength, double other) {
    double[] scales = new double[channels];
    double greatest = 0;
    for (int c = 0; c < channels; c++) {
      double range = Math.max(Math.abs(lows[c] - shifts[c]), Math.abs(highs[c] - shifts[c]));
      scales[c] =
          range > 0 && greatestWeights[c] > 0
              ? Math.pow(range, strength) / Math.pow(greatestWeights[c], other)
              : 0;
      greatest = Math.max(greatest, scales[c]);
    }
    for (int c = 0; c < channels; c++) {
      scales[c] = scales[c] > 0 ? Math.max(scales[c] / greatest, LEAST_SCALE) : 1;
    }
    return scales;
  }

  /// The sum over products of error over variance.
  double of(double[] shifts, double[] scales) {
    double power = power(shifts, scales);
    double sum = 0;
    for (int m = 0; m < matrices.size(); m++) {
      sum += variances[m] > 0 ? weights(m, power, scales) / variances[m] : 0;
    }
    return sum + ofInputs(shifts, scales);
  }

  /// The same where weights are not rounded.
  double ofInputs(double[] shifts, double[] scales) {
    double step = step(shifts, scales);
    double sum = 0;
    for (int m = 0; m < matrices.size(); m++) {
      sum += variances[m] > 0 ? inputs(m, step, scales) / variances[m] : 0;
    }
    return sum;
  }

  /// The step of a grid that reaches all that channels hold.
  private double step(double[] shifts, double[] scales) {
    double low = 0;
    double high = 0;
    for (int c = 0; c < channels; c++) {
      low = Math.min(low, (lows[c] - shifts[c]) / scales[c]);
      high = Math.max(high, (highs[c] - shifts[c]) / scales[c]);
    }
    return (high - low) / STEPS;
  }

  /// The sum over channels of the mean square of each.
  private double power(double[] shifts, double[] scales) {
    double sum = 0;
    for (int c = 0; c < channels; c++) {
      double power = powers[c] - 2 * shifts[c] * means[c] + shifts[c] * shifts[c];
      sum += Math.max(0, power) / (scales[c] * scales[c]);
    }
    return sum;
  }

  private double inputs(int matrix, double step, double[] scales) {
    double sum = 0;
    for (int c = 0; c < channels; c++) {
      sum += scales[c] * scales[c] * weightPowers[matrix][c];
    }
    return step * step / 12 * sum;
  }

  private double weights(int matrix, double power, double[] scales) {
    float[][] rows = matrices.get(matrix);
    double[] greatest = new double[rows[0].length];
    for (int c = 0; c < channels; c++) {
      for (int n = 0; n < greatest.length; n++) {
        greatest[n] = Math.max(greatest[n], Math.abs(rows[c][n]) * scales[c]);
      }
    }
    double sum = 0;
    for (double one : greatest) {
      double step = one / WEIGHT_STEPS;
      sum += step * step / 12 * power;
    }
    return sum;
  }
}
