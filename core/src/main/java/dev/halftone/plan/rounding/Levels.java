package dev.halftone.plan.rounding;

import dev.halftone.scheme.QuantizedType;
import java.util.stream.DoubleStream;

/// The integers that the weights of a layer may be.
interface Levels {

  /// The least scale that is tried, over the one at which nothing is clipped: clipping pays where steps are coarse.
  double MUCH_CLIPPED = 0.35;

  double LITTLE_CLIPPED = 0.75;

  /// From one such share to the next.
  double STEP = 0.05;

  int FEW_BITS = 6;

  /// The scales that are tried for a row, over the one at which nothing is clipped, from the largest on.
  static double[] shares(int bits) {
    double lowest = bits > FEW_BITS ? LITTLE_CLIPPED : MUCH_CLIPPED;
    return DoubleStream.iterate(1, share -> share > lowest, share -> share - STEP).toArray();
  }

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
