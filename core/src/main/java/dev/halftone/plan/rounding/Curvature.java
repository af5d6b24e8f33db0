package dev.halftone.plan.rounding;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.IntStream;

/// The quadratic form that says what a deviation from the best weights of a block costs, in the order in which they are rounded.
///
/// @param order [n] the input at each position: the last position is rounded first, so what matters most stands last
/// @param matrix [n][n] the damped covariance in that order
/// @param factor of that matrix
record Curvature(int[] order, double[] matrix, Cholesky factor) {

  /// Share of the mean variance that is added to every variance.
  private static final double DAMPING = 0.01;

  static Curvature of(double[] covariance, int n) {
    int[] order =
        IntStream.range(0, n)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> covariance[i * n + i]))
            .mapToInt(Integer::intValue)
            .toArray();
    double[] matrix = new double[n * n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        matrix[i * n + j] = covariance[order[i] * n + order[j]];
      }
    }
    Ridge ridge = Ridge.of(matrix, n, DAMPING);
    return new Curvature(order, ridge.matrix, ridge.factor);
  }

  /// A covariance with a share of the mean variance on the diagonal.
  record Ridge(double[] matrix, Cholesky factor) {

    /// @param least share; more where rounding left the covariance far from positive definite
    static Ridge of(double[] covariance, int n, double least) {
      if (!Arrays.stream(covariance).allMatch(Double::isFinite)) {
        throw new IllegalArgumentException("covariances are finite numbers");
      }
      double share = least;
      while (true) {
        double[] matrix = damped(covariance, n, share);
        Optional<Cholesky> factor = Cholesky.of(matrix, n);
        if (factor.isPresent()) {
          return new Ridge(matrix, factor.get());
        }
        share *= 10;
      }
    }
  }

  /// With this share of the mean variance on the diagonal; an input that never varies counts as one of that variance.
  private static double[] damped(double[] covariance, int n, double share) {
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
