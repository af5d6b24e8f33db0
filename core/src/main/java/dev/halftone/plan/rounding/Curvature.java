package dev.halftone.plan.rounding;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.IntStream;

/// The quadratic form that says what a deviation from the best weights of a block costs, in the order in which they are rounded.
///
/// @param order [n] the input at each position: the last position is rounded first, so what matters most stands last
/// @param matrix [n][n] the damped covariance in that order
/// @param lower [n][i + 1] its triangular factor, see [Cholesky]
record Curvature(int[] order, double[][] matrix, double[][] lower) {

  /// Share of the mean variance that is added to every variance.
  private static final double DAMPING = 0.01;

  static Curvature of(double[][] covariance, int threads) {
    int n = covariance.length;
    int[] order =
        IntStream.range(0, n)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> covariance[i][i]))
            .mapToInt(Integer::intValue)
            .toArray();
    double[][] matrix = new double[n][n];
    for (int i = 0; i < n; i++) {
      double[] row = covariance[order[i]];
      for (int j = 0; j < n; j++) {
        matrix[i][j] = row[order[j]];
      }
    }
    Ridge ridge = Ridge.of(matrix, DAMPING, threads);
    for (int i = 0; i < n; i++) {
      matrix[i][i] = ridge.diagonal[i];
    }
    return new Curvature(order, matrix, ridge.factor.lower());
  }

  /// A covariance with a share of the mean variance on the diagonal.
  ///
  /// @param diagonal [n] the variances and that share
  record Ridge(double[] diagonal, Cholesky factor) {

    /// @param least share; more where rounding left the covariance far from positive definite
    static Ridge of(double[][] covariance, double least, int threads) {
      for (double[] row : covariance) {
        if (!Arrays.stream(row).allMatch(Double::isFinite)) {
          throw new IllegalArgumentException("covariances are finite numbers");
        }
      }
      double share = least;
      while (true) {
        double[] diagonal = damped(covariance, share);
        Optional<Cholesky> factor = Cholesky.of(covariance, diagonal, threads);
        if (factor.isPresent()) {
          return new Ridge(diagonal, factor.get());
        }
        share *= 10;
      }
    }
  }

  /// The variances with this share of their mean; an input that never varies counts as one of that variance.
  private static double[] damped(double[][] covariance, double share) {
    int n = covariance.length;
    double trace = 0;
    for (int i = 0; i < n; i++) {
      trace += Math.max(0, covariance[i][i]);
    }
    double mean = trace > 0 ? trace / n : 1;
    double[] damped = new double[n];
    for (int i = 0; i < n; i++) {
      damped[i] = Math.max(0, covariance[i][i]) + share * mean;
    }
    return damped;
  }

  int size() {
    return order.length;
  }
}
