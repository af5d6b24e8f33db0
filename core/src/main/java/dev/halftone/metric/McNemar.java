package dev.halftone.metric;

/// McNemar's test for two classifiers on the same inputs, in its exact form: under the hypothesis that both are right equally
/// often, the inputs on which exactly one of them is right fall to either side like tosses of a fair coin.
///
/// Q. McNemar, "Note on the sampling error of the difference between correlated proportions or percentages", Psychometrika 12 (1947);
/// the exact binomial form and its use for classifiers: T. Dietterich, Neural Computation 10 (1998).
///
/// @param lost inputs that only the first is right on
/// @param gained inputs that only the second is right on
public record McNemar(int lost, int gained) {

  public McNemar {
    if (lost < 0 || gained < 0) {
      throw new IllegalArgumentException("counts are not negative: " + lost + ", " + gained);
    }
  }

  /// Two-sided: min(1, 2 P(X <= min(lost, gained))) with X binomial of n = lost + gained tosses.
  public double pValue() {
    int n = lost + gained;
    int k = Math.min(lost, gained);
    if (lost == gained) {
      return 1;
    }
    double logTerm = -n * Math.log(2); // ln of C(n, k) / 2^n, the greatest term of the sum
    for (int i = 0; i < k; i++) {
      logTerm += Math.log((double) (n - i) / (i + 1));
    }
    double sum = 0; // of the terms k, k-1, ... relative to the greatest
    double term = 1;
    for (int i = k; i >= 0 && term > 1e-17; i--) {
      sum += term;
      term *= (double) i / (n - i + 1);
    }
    return Math.min(1, 2 * sum * Math.exp(logTerm));
  }
}
