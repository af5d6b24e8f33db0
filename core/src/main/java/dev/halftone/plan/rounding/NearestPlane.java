package dev.halftone.plan.rounding;

/// Rounds the weights of a row one after the other, and moves those that are still to be rounded so that they make up for the error made.
///
/// With covariance H = L L^T the error of integers q for wanted weights w, in steps of the grid, is the sum over i of
/// (L_ii (w_i - q_i) + sum over j > i of L_ji (w_j - q_j))^2: from the last weight to the first each term is made as small as the ones
/// already rounded let it be. Babai 1986 calls it the nearest plane algorithm; Frantar et al. 2022 ("GPTQ") found it from the inverse of H,
/// and Chen et al. 2025 ("The Geometry of LLM Quantization") showed that both are the same.
final class NearestPlane {

  private NearestPlane() {}

  /// @param wanted [n] in the curvature's order
  /// @param scale step of the grid
  /// @param integers [n] receives the result, in that order
  /// @return the error in real units, squared
  static double round(
      Curvature curvature, double[] wanted, double scale, Levels levels, int[] integers) {
    int n = curvature.size();
    double[] lower = curvature.factor().lower();
    double[] carried = new double[n];
    double error = 0;
    for (int i = n - 1; i >= 0; i--) {
      double diagonal = lower[i * n + i];
      double aim = wanted[i] + carried[i] / diagonal;
      int q = levels.nearest(aim / scale);
      integers[i] = q;
      double missed = aim - q * scale;
      error += diagonal * diagonal * missed * missed;
      double deviation = wanted[i] - q * scale;
      int row = i * n;
      for (int k = 0; k < i; k++) {
        carried[k] += lower[row + k] * deviation;
      }
    }
    return error;
  }
}
