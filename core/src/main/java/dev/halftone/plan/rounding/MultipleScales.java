package dev.halftone.plan.rounding;

import dev.halftone.scheme.Affine;
import dev.halftone.scheme.Granularity;
import dev.halftone.scheme.Grid;
import dev.halftone.scheme.Levels;
import dev.halftone.scheme.Multiples;
import dev.halftone.scheme.QuantizedType;
import dev.halftone.scheme.QuantizedWeight;
import dev.halftone.tensor.Tensor;
import java.util.Arrays;

/// The scale of a row of weights, and the multiplier of that scale for each group of neighbours in it.
///
/// @param multipliers [groups] 1 and more
@SuppressWarnings("ArrayRecordComponent") // read once
public record MultipleScales(double scale, int[] multipliers) {

  /// Scales of a row that are tried, over the one whose greatest multiplier gives the greatest scale of its groups.
  private static final double[] SHARES = {1.1, 1.05, 1, 0.95, 0.9, 0.85, 0.8};

  /// Those of least squared error.
  ///
  /// @param weights [groups][neighbours]
  /// @param importance [groups][neighbours] what the squared error of each counts
  /// @param most the greatest multiplier
  static MultipleScales best(
      double[][] weights, double[][] importance, QuantizedType steps, int most) {
    Levels levels = new Levels.Even(steps);
    double[] wanted = new double[weights.length];
    double top = Affine.MIN_SCALE;
    for (int g = 0; g < wanted.length; g++) {
      wanted[g] = TriedScales.best(weights[g], importance[g], steps);
      top = Math.max(top, wanted[g]);
    }
    MultipleScales best = new MultipleScales(top, new int[wanted.length]);
    double least = Double.POSITIVE_INFINITY;
    for (double share : SHARES) {
      double scale = Math.max(Affine.MIN_SCALE, share * top / most);
      int[] multipliers = new int[wanted.length];
      double error = 0;
      for (int g = 0; g < wanted.length; g++) {
        int below = Math.clamp((int) (wanted[g] / scale), 1, most);
        int above = Math.min(most, below + 1);
        double errorBelow = TriedScales.error(levels, weights[g], importance[g], scale * below);
        double errorAbove = TriedScales.error(levels, weights[g], importance[g], scale * above);
        multipliers[g] = errorAbove < errorBelow ? above : below;
        error += Math.min(errorAbove, errorBelow);
      }
      if (error < least) {
        least = error;
        best = new MultipleScales(scale, multipliers);
      }
    }
    return best;
  }

  /// A matrix, each weight rounded to the nearest multiple.
  ///
  /// @param axis for each index of which there is a scale
  /// @param most the greatest multiplier
  public static QuantizedWeight nearest(Tensor weight, int axis, Multiples levels, int most) {
    int outputs = (int) weight.shape().dim(axis);
    int inputs = (int) weight.shape().dim(1 - axis);
    InputRows rows = new InputRows(1, outputs, inputs, 1, axis == 0);
    int size = levels.size();
    float[] values = weight.toFloats();
    byte[] integers = new byte[values.length];
    float[] scales = new float[outputs];
    double[][] alike = new double[inputs / size][size];
    for (double[] group : alike) {
      Arrays.fill(group, 1);
    }
    Levels even = new Levels.Even(levels.steps());
    double[][] row = new double[inputs / size][size];
    for (int output = 0; output < outputs; output++) {
      for (int i = 0; i < inputs; i++) {
        row[i / size][i % size] = values[rows.index(output, i)];
      }
      MultipleScales best = best(row, alike, levels.steps(), most);
      scales[output] = (float) best.scale;
      for (int i = 0; i < inputs; i++) {
        int multiplier = best.multipliers[i / size];
        int step = even.nearest(row[i / size][i % size] / (best.scale * multiplier));
        integers[rows.index(output, i)] = (byte) (step * multiplier);
      }
    }
    return new QuantizedWeight(
        weight.shape(), new Grid(levels, Granularity.perChannel(axis), scales), integers);
  }
}
