package dev.halftone.plan.rounding;

import dev.halftone.scheme.QuantizedType;

/// The integers that the weights of a layer may be.
interface Levels {

  /// The one nearest to a real number of steps.
  int nearest(double steps);

  /// The squared error of a row in steps of `scale`, each weight rounded by itself.
  ///
  /// @param importance what the squared error of each weight counts
  default double error(double[] row, double[] importance, double scale) {
    double error = 0;
    for (int i = 0; i < row.length; i++) {
      double missed = row[i] - scale * nearest(row[i] / scale);
      error += importance[i] * missed * missed;
    }
    return error;
  }

  /// All integers of a type.
  record Even(QuantizedType type) implements Levels {

    @Override
    public int nearest(double steps) {
      return (int) Math.max(type.low(), Math.min(type.high(), Math.rint(steps)));
    }
  }
}
