package dev.halftone.plan.rounding;

import dev.halftone.scheme.Levels;

/// Rounds the weights of a row one after the other, and moves those that are still to be rounded so that they make up for the error made.
///
/// With covariance H = L L^T the error of integers q for wanted weights w, in steps of the grid, is the sum over i of
/// (L_ii (w_i - q_i) + sum over j > i of L_ji (w_j - q_j))^2: from the last weight to the first each term is made as small as the ones
/// already rounded let it be. Babai 1986 calls it the nearest plane algorithm; Frantar et al. 2022 ("GPTQ") found it from the inverse of H,
/// and Chen et al. 2025 ("The Geometry of LLM Quantization") showed that both are the same.
final class NearestPlane {

  private NearestPlane() {}

  /// @param wanted [n] in the curvature's order
  /// @param steps [n] of the grid in that order, but for a factor
  /// @param scales factors of the steps, each tried apart: the factor of the curvature is read once for all of them
  /// @param integers [scales][n] receives the results, in that order
  /// @return [scales] the errors in real units, squared
  static double[] round(
      Curvature curvature,
      double[] wanted,
      double[] steps,
      double[] scales,
      Levels levels,
      int[][] integers) {
    int n = curvature.size();
    double[][] carried = new double[scales.length][n];
    double[] errors = new double[scales.length];
    for (int i = n - 1; i >= 0; i--) {
      double[] row = curvature.lower()[i];
      double diagonal = row[i];
      for (int s = 0; s < scales.length; s++) {
        double scale = scales[s] * steps[i];
        double aim = wanted[i] + carried[s][i] / diagonal;
        int q = levels.nearest(aim / scale);
        integers[s][i] = q;
        double missed = aim - q * scale;
        errors[s] += diagonal * diagonal * missed * missed;
        Vectors.add(carried[s], wanted[i] - q * scale, row, 0, i);
      }
    }
    return errors;
  }
}
