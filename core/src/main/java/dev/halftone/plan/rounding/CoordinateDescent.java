package dev.halftone.plan.rounding;

import dev.halftone.scheme.Levels;

/// Improves integers by changing one weight at a time to the best it can be while all others stay: after [NearestPlane], which never
/// looks back, a few weights can still be bettered.
final class CoordinateDescent {

  private static final int PASSES = 3;

  private CoordinateDescent() {}

  /// @param wanted [n] in the curvature's order
  /// @param scales [n] steps of the grid in that order
  /// @param integers [n] in that order, changed in place
  static void improve(
      Curvature curvature, double[] wanted, double[] scales, Levels levels, int[] integers) {
    int n = curvature.size();
    double[][] matrix = curvature.matrix();
    double[] pull = new double[n]; // H (wanted - integers * scales)
    for (int i = 0; i < n; i++) {
      add(pull, wanted[i] - integers[i] * scales[i], matrix[i]);
    }
    boolean changed = true;
    for (int pass = 0; pass < PASSES && changed; pass++) {
      changed = false;
      for (int i = n - 1; i >= 0; i--) {
        double best = integers[i] + pull[i] / (matrix[i][i] * scales[i]);
        int q = levels.nearest(best);
        if (q != integers[i]) {
          add(pull, (integers[i] - q) * scales[i], matrix[i]);
          integers[i] = q;
          changed = true;
        }
      }
    }
  }

  private static void add(double[] pull, double factor, double[] row) {
    if (factor != 0) {
      Vectors.add(pull, factor, row, 0, row.length);
    }
  }
}
