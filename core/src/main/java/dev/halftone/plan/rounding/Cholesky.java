package dev.halftone.plan.rounding;

import dev.halftone.engine.Parallel;
import java.util.Optional;

/// The triangular factor of a symmetric positive definite matrix A = L L^T.
///
/// @param lower [n][i + 1] L by rows
/// @param upper [n][n] its transpose, zero below the diagonal: both lie along rows, so that every loop below runs through memory in order
record Cholesky(double[][] lower, double[][] upper) {

  /// Rows that are subtracted at once, so that the row they are subtracted from is read and written once for all of them.
  private static final int ABREAST = 4;

  /// Rows that those above them are subtracted from together, a multiple of [#ABREAST].
  private static final int PANEL = 64;

  /// Columns of a panel that stay in the processor's cache.
  private static final int TILE = 256;

  /// What is left of a variance that is nothing but rounding, as a share of it.
  private static final double NOTHING = 1e-12;

  /// Empty where the matrix is not positive definite. Sums are those of one row after the other, whatever the number of threads.
  ///
  /// @param matrix [n][n]; only what lies above the diagonal is read
  /// @param diagonal [n] of the matrix to be factored
  static Optional<Cholesky> of(double[][] matrix, double[] diagonal, int threads) {
    int n = diagonal.length;
    double[][] upper = new double[n][n];
    for (int i = 0; i < n; i++) {
      System.arraycopy(matrix[i], i, upper[i], i, n - i);
      upper[i][i] = diagonal[i];
    }
    for (int first = 0; first < n; first += PANEL) {
      subtractAbove(upper, first, threads);
      for (int i = first; i < Math.min(n, first + PANEL); i++) {
        if (!settle(upper, first, i, NOTHING * Math.abs(diagonal[i]))) {
          return Optional.empty();
        }
      }
    }
    return Optional.of(new Cholesky(transposed(upper), upper));
  }

  /// Subtracts the rows above a panel from the rows in it.
  private static void subtractAbove(double[][] upper, int first, int threads) {
    int n = upper.length;
    int end = Math.min(n, first + PANEL);
    Parallel.forEach(
        first == 0 ? 0 : Math.ceilDiv(n - first, TILE),
        threads,
        tile -> {
          int from = first + tile * TILE;
          int to = Math.min(n, from + TILE);
          for (int k = 0; k < first; k += ABREAST) {
            for (int i = first; i < end; i++) {
              Vectors.subtractFour(upper[i], upper, k, i, Math.max(i, from), to);
            }
          }
        });
  }

  /// Subtracts the rows of the panel before this one; false where nothing positive is left.
  private static boolean settle(double[][] upper, int first, int i, double nothing) {
    int n = upper.length;
    double[] row = upper[i];
    int k = first;
    for (; k + ABREAST <= i; k += ABREAST) {
      Vectors.subtractFour(row, upper, k, i, i, n);
    }
    for (; k < i; k++) {
      Vectors.add(row, -upper[k][i], upper[k], i, n);
    }
    double pivot = row[i];
    if (!(pivot > nothing)) {
      return false;
    }
    double inverse = 1 / Math.sqrt(pivot);
    for (int j = i; j < n; j++) {
      row[j] *= inverse;
    }
    return true;
  }

  private static double[][] transposed(double[][] upper) {
    double[][] lower = new double[upper.length][];
    for (int i = 0; i < lower.length; i++) {
      lower[i] = new double[i + 1];
    }
    for (int i = 0; i < lower.length; i++) {
      for (int j = i; j < lower.length; j++) {
        lower[j][i] = upper[i][j];
      }
    }
    return lower;
  }

  /// Replaces each `b` [n] by the solution x of A x = b.
  void solve(double[]... bs) {
    int n = lower.length;
    for (int k = 0; k < n; k++) {
      for (double[] b : bs) {
        b[k] /= upper[k][k];
        Vectors.add(b, -b[k], upper[k], k + 1, n);
      }
    }
    for (int k = n - 1; k >= 0; k--) {
      for (double[] b : bs) {
        b[k] /= lower[k][k];
        Vectors.add(b, -b[k], lower[k], 0, k);
      }
    }
  }
}
