package dev.halftone.smooth;

import java.util.List;

/// The error that rounding makes in what products give, beside the variance of what they give, for any shifts and scales of the channels
/// that they read.
final class SmoothingError {

  private final RowStatistics rows;
  private final int steps;
  private final int channels;

  /// For each product: [channels] squared length of a channel's weights, over the variance of the product.
  private final double[][] weightPowers;

  private final List<float[][]> matrices;
  private final double[] variances;
  private final int weightSteps;

  /// @param matrices [channels][outputs] of each product
  /// @param steps of the grid of the channels
  /// @param weightSteps of the grid of an output's weights, from zero to the greatest
  SmoothingError(RowStatistics rows, List<float[][]> matrices, int steps, int weightSteps) {
    this.rows = rows;
    this.matrices = matrices;
    this.steps = steps;
    this.weightSteps = weightSteps;
    this.channels = rows.channels().size();
    this.weightPowers = new double[matrices.size()][channels];
    this.variances = new double[matrices.size()];
    for (int m = 0; m < matrices.size(); m++) {
      for (int c = 0; c < channels; c++) {
        for (float weight : matrices.get(m)[c]) {
          weightPowers[m][c] += (double) weight * weight;
        }
        double mean = rows.mean(c);
        variances[m] += Math.max(0, rows.power(c) - mean * mean) * weightPowers[m][c];
      }
    }
  }

  /// The middle of what each channel holds.
  double[] middles() {
    double[] middles = new double[channels];
    for (int c = 0; c < channels; c++) {
      RowStatistics.Channel channel = rows.channels().get(c);
      middles[c] = ((double) channel.low() + channel.high()) / 2;
    }
    return middles;
  }

  /// `range^strength / weight^other` of each channel, the greatest being 1; a channel that is zero throughout has 1.
  double[] scales(double[] shifts, double strength, double other) {
    double[] scales = new double[channels];
    double greatest = 0;
    for (int c = 0; c < channels; c++) {
      double weight = 0;
      for (float[][] matrix : matrices) {
        for (float value : matrix[c]) {
          weight = Math.max(weight, Math.abs(value));
        }
      }
      double range = range(c, shifts[c]);
      scales[c] = range > 0 && weight > 0 ? Math.pow(range, strength) / Math.pow(weight, other) : 0;
      greatest = Math.max(greatest, scales[c]);
    }
    for (int c = 0; c < channels; c++) {
      scales[c] = scales[c] > 0 ? Math.max(scales[c] / greatest, 1e-4) : 1;
    }
    return scales;
  }

  private double range(int channel, double shift) {
    RowStatistics.Channel seen = rows.channels().get(channel);
    return Math.max(Math.abs(seen.low() - shift), Math.abs(seen.high() - shift));
  }

  /// The sum over products of error over variance.
  double of(double[] shifts, double[] scales) {
    double[] powers = powers(shifts, scales);
    double sum = 0;
    for (int m = 0; m < matrices.size(); m++) {
      sum += variances[m] > 0 ? weights(m, powers, scales) / variances[m] : 0;
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
      RowStatistics.Channel seen = rows.channels().get(c);
      low = Math.min(low, (seen.low() - shifts[c]) / scales[c]);
      high = Math.max(high, (seen.high() - shifts[c]) / scales[c]);
    }
    return (high - low) / steps;
  }

  /// [channels] the mean square of each.
  private double[] powers(double[] shifts, double[] scales) {
    double[] powers = new double[channels];
    for (int c = 0; c < channels; c++) {
      double power = rows.power(c) - 2 * shifts[c] * rows.mean(c) + shifts[c] * shifts[c];
      powers[c] = Math.max(0, power) / (scales[c] * scales[c]);
    }
    return powers;
  }

  private double inputs(int matrix, double step, double[] scales) {
    double sum = 0;
    for (int c = 0; c < channels; c++) {
      sum += scales[c] * scales[c] * weightPowers[matrix][c];
    }
    return step * step / 12 * sum;
  }

  private double weights(int matrix, double[] powers, double[] scales) {
    float[][] rowsOfWeights = matrices.get(matrix);
    double power = 0;
    for (double one : powers) {
      power += one;
    }
    double[] greatest = new double[rowsOfWeights[0].length];
    for (int c = 0; c < channels; c++) {
      for (int n = 0; n < greatest.length; n++) {
        greatest[n] = Math.max(greatest[n], Math.abs(rowsOfWeights[c][n]) * scales[c]);
      }
    }
    double sum = 0;
    for (double one : greatest) {
      double step = one / weightSteps;
      sum += step * step / 12 * power;
    }
    return sum;
  }
}
