package dev.halftone.plan.rounding;

import dev.halftone.scheme.Affine;
import dev.halftone.scheme.Levels;
import dev.halftone.scheme.QuantizedType;
import java.util.stream.DoubleStream;

/// The scales that are tried for a row of weights, and what each costs where every weight is rounded by itself.
final class TriedScales {

  /// The least scale that is tried, over the one at which nothing is clipped: clipping pays where steps are coarse.
  private static final double MUCH_CLIPPED = 0.35;

  private static final double LITTLE_CLIPPED = 0.75;

  /// From one such share to the next.
  private static final double STEP = 0.05;

  private static final int FEW_BITS = 6;

  private TriedScales() {}

  /// Over the scale at which nothing is clipped, from the largest on.
  static double[] shares(int bits) {
    double lowest = bits > FEW_BITS ? LITTLE_CLIPPED : MUCH_CLIPPED;
    return DoubleStream.iterate(1, share -> share > lowest, share -> share - STEP).toArray();
  }

  /// The squared error of a row in steps of `scale`.
  ///
  /// @param importance what the squared error of each weight counts
  static double error(Levels levels, double[] row, double[] importance, double scale) {
    double error = 0;
    for (int i = 0; i < row.length; i++) {
      double missed = row[i] - scale * levels.nearest(row[i] / scale);
      error += importance[i] * missed * missed;
    }
    return error;
  }

  /// The scale of least squared error of a row of evenly spaced integers.
  static double best(double[] weights, double[] importance, QuantizedType type) {
    double largest = 0;
    for (double weight : weights) {
      largest = Math.max(largest, Math.abs(weight));
    }
    Levels levels = new Levels.Even(type);
    double top = Math.max(Affine.MIN_SCALE, largest / type.high());
    double best = top;
    double least = Double.POSITIVE_INFINITY;
    for (double share : shares(type.bits())) {
      double scale = Math.max(Affine.MIN_SCALE, top * share);
      double error = error(levels, weights, importance, scale);
      if (error < least) {
        least = error;
        best = scale;
      }
    }
    return best;
  }
}
