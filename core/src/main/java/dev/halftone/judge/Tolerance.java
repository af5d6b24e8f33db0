package dev.halftone.judge;

/// From where on a loss counts as one.
///
/// @param maxDrop largest drop of top-1 that is accepted, as a fraction: 0.01 is one percentage point
/// @param minAgreement smallest share of unchanged answers that is accepted where there are no labels
public record Tolerance(double maxDrop, double minAgreement) {

  public static final Tolerance DEFAULT = new Tolerance(0.01, 0.95);

  public Tolerance {
    if (!(maxDrop >= 0 && maxDrop <= 1 && minAgreement >= 0 && minAgreement <= 1)) {
      throw new IllegalArgumentException(
          "maxDrop and minAgreement lie in [0, 1], not " + maxDrop + " and " + minAgreement);
    }
  }

  public Tolerance withMaxDrop(double drop) {
    return new Tolerance(drop, minAgreement);
  }
}
