package dev.halftone.plan.rounding;

/// Loops over rows of numbers that the compiler makes vector instructions of: every row is an array of its own, read at the same index.
final class Vectors {

  private Vectors() {}

  /// Adds `factor` times a row to another, from one index to before another.
  static void add(double[] sum, double factor, double[] row, int from, int to) {
    for (int j = from; j < to; j++) {
      sum[j] += factor * row[j];
    }
  }

  /// Subtracts multiples of four rows, which are added up first.
  ///
  /// @param factors the column whose elements the rows are multiplied with
  static void subtractFour(
      double[] rest, double[][] rows, int first, int factors, int from, int to) {
    double[] r0 = rows[first];
    double[] r1 = rows[first + 1];
    double[] r2 = rows[first + 2];
    double[] r3 = rows[first + 3];
    double a = r0[factors];
    double b = r1[factors];
    double c = r2[factors];
    double d = r3[factors];
    for (int j = from; j < to; j++) {
      rest[j] -= a * r0[j] + b * r1[j] + c * r2[j] + d * r3[j];
    }
  }
}
