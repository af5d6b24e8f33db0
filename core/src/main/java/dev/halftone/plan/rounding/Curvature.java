package dev.halftone.plan.rounding;

import java.util.Comparator;
import java.util.stream.IntStream;

/// The quadratic form that says what a deviation from the best weights of a block costs, in the order in which they are rounded.
///
/// @param order [n] the input at each position: the last position is rounded first, so what matters most stands last
/// @param matrix [n][n] the damped covariance in that order
/// @param factor of that matrix
record Curvature(int[] order, double[] matrix, Cholesky factor) {

  /// Share of the mean variance that is added to every variance.
  private static final double DAMPING = 0.05;

  static Curvature of(double[] covariance, int n) {
    int[] order =
        IntStream.range(0, n)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> covariance[i * n + i]))
            .mapToInt(Integer::intValue)
            .toArray();
    double[] damped = damped(covariance, n, DAMPING);
    double[] matrix = new double[n * n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        matrix[i * n + j] = damped[order[i] * n + order[j]];
      }
    }
    return new Curvature(order, matrix, Cholesky.of(matrix, n));
  }

  /// With this share of the mean variance on the diagonal; an input that never varies counts as one of that variance.
  static double[] damped(double[] covariance, int n, double share) {
    double trace = 0;
    for (int i = 0; i < n; i++) {
      trace += Math.max(0, covariance[i * n + i]);
    }
    double mean = trace > 0 ? trace / n : 1;
    double[] damped = covariance.clone();
    for (int i = 0; i < n; i++) {
      damped[i * n + i] = Math.max(0, damped[i * n + i]) + share * mean;
    }
    return damped;
  }

  int size() {
    return order.length;
  }
}
