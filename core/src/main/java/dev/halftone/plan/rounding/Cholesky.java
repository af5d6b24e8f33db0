package dev.halftone.plan.rounding;

import java.util.Optional;

/// The triangular factor of a symmetric positive definite matrix A = L L^T.
///
/// @param size n
/// @param lower [n][n] L, row-major; zero above the diagonal
/// @param upper [n][n] its transpose: both lie along rows, so that every loop below runs through memory in order
record Cholesky(int size, double[] lower, double[] upper) {

  /// Rows that are subtracted at once, so that the row they are subtracted from is read and written once for all of them.
  private static final int ABREAST = 4;

  /// What is left of a variance that is nothing but rounding, as a share of it.
  private static final double NOTHING = 1e-12;

  /// Empty where the matrix is not positive definite.
  ///
  /// @param matrix [n][n]; only the upper half is read
  static Optional<Cholesky> of(double[] matrix, int n) {
    double[] upper = new double[n * n];
    for (int i = 0; i < n; i++) {
      System.arraycopy(matrix, i * n + i, upper, i * n + i, n - i);
      int k = 0;
      for (; k + ABREAST <= i; k += ABREAST) {
        subtractFour(upper, n, k, i);
      }
      for (; k < i; k++) {
        subtract(upper, n, k, i);
      }
      double pivot = upper[i * n + i];
      if (!(pivot > NOTHING * Math.abs(matrix[i * n + i]))) {
        return Optional.empty();
      }
      double inverse = 1 / Math.sqrt(pivot);
      for (int j = i; j < n; j++) {
        upper[i * n + j] *= inverse;
      }
    }
    return Optional.of(new Cholesky(n, transposed(upper, n), upper));
  }

  private static void subtractFour(double[] u, int n, int k, int i) {
    int k0 = k * n;
    int k1 = k0 + n;
    int k2 = k1 + n;
    int k3 = k2 + n;
    double a = u[k0 + i];
    double b = u[k1 + i];
    double c = u[k2 + i];
    double d = u[k3 + i];
    int row = i * n;
    for (int j = i; j < n; j++) {
      u[row + j] -= a * u[k0 + j] + b * u[k1 + j] + c * u[k2 + j] + d * u[k3 + j];
    }
  }

  private static void subtract(double[] u, int n, int k, int i) {
    double factor = u[k * n + i];
    for (int j = i; j < n; j++) {
      u[i * n + j] -= factor * u[k * n + j];
    }
  }

  private static double[] transposed(double[] upper, int n) {
    double[] lower = new double[n * n];
    for (int i = 0; i < n; i++) {
      for (int j = i; j < n; j++) {
        lower[j * n + i] = upper[i * n + j];
      }
    }
    return lower;
  }

  /// Replaces `b` [n] by the solution x of A x = b.
  void solve(double[] b) {
    for (int k = 0; k < size; k++) {
      b[k] /= upper[k * size + k];
      double factor = b[k];
      for (int j = k + 1; j < size; j++) {
        b[j] -= factor * upper[k * size + j];
      }
    }
    for (int k = size - 1; k >= 0; k--) {
      b[k] /= lower[k * size + k];
      double factor = b[k];
      for (int j = 0; j < k; j++) {
        b[j] -= factor * lower[k * size + j];
      }
    }
  }
}
