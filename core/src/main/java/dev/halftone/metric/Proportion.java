package dev.halftone.metric;

import com.fasterxml.jackson.annotation.JsonGetter;

/// `successes` of `trials`, with the 95 % score interval of Wilson, "Probable inference, the law of succession, and statistical
/// inference", J. Am. Stat. Assoc. 22 (1927): with z = 1.96 and p = k/n
///
/// (p + z^2/2n -+ z sqrt(p(1-p)/n + z^2/4n^2)) / (1 + z^2/n)
///
/// It stays inside [0, 1] and holds for small counts and for proportions near 0 or 1, where p -+ 1.96 sqrt(p(1-p)/n) does not.
public record Proportion(int successes, int trials) {

  /// 97.5 % quantile of the normal distribution.
  static final double Z = 1.959963984540054;

  public Proportion {
    if (trials < 1 || successes < 0 || successes > trials) {
      throw new IllegalArgumentException(successes + " of " + trials + " is no proportion");
    }
  }

  /// Counts beyond an int are halved until they fit, which keeps the share.
  public static Proportion of(long successes, long trials) {
    int shift = 0;
    while (trials >> shift > Integer.MAX_VALUE) {
      shift++;
    }
    return new Proportion((int) (successes >> shift), (int) (trials >> shift));
  }

  /// In [0, 1].
  @JsonGetter("value")
  public double value() {
    return (double) successes / trials;
  }

  /// Lower end of the 95 % interval.
  @JsonGetter("low")
  public double low() {
    return successes == 0 ? 0 : centre() - halfWidth();
  }

  /// Upper end of the 95 % interval.
  @JsonGetter("high")
  public double high() {
    return successes == trials ? 1 : centre() + halfWidth();
  }

  private double centre() {
    double z2n = Z * Z / trials;
    return (value() + z2n / 2) / (1 + z2n);
  }

  private double halfWidth() {
    double z2n = Z * Z / trials;
    double p = value();
    return Z * Math.sqrt(p * (1 - p) / trials + z2n / (4 * trials)) / (1 + z2n);
  }
}
