package dev.halftone;

import dev.halftone.verify.Comparison;

/// How many answers change for so much noise, learned from everything that was tried.
///
/// An answer changes where noise exceeds its margin over the next, and small margins are spread evenly, so that changes are in proportion
/// to the amplitude of noise. A few dozen samples count three changes or two by chance; noise, which all their numbers have a part in, tells
/// two candidates apart.
final class Changes {

  /// Changes that must have been seen before the proportion is trusted.
  private static final int SEEN = 5;

  /// The share of changed answers above which noise drowns margins of any size.
  private static final double DROWNED = 0.3;

  private double changed;
  private double amplitude;

  void add(Comparison comparison) {
    double share = counted(comparison);
    if (share <= DROWNED) {
      changed += comparison.samples() * share;
      amplitude += comparison.samples() * amplitude(comparison);
    }
  }

  /// The share of inputs whose answer is to be expected to change with noise as in this comparison, whose kind has answers.
  double share(Comparison comparison) {
    return changed >= SEEN && counted(comparison) <= DROWNED
        ? changed / amplitude * amplitude(comparison)
        : counted(comparison);
  }

  private static double counted(Comparison comparison) {
    return comparison.agreement().map(agreement -> 1 - agreement.inputs().value()).orElse(0.0);
  }

  private static double amplitude(Comparison comparison) {
    return Math.sqrt(comparison.sqnr().noiseShare());
  }
}
