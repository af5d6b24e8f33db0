package dev.halftone.data;

import java.util.Optional;

/// The division of examples into those that calibrate and those that verify.
///
/// @param heldOut whether none does both: only then does the verification say what new inputs will meet
public record Split(Dataset calibration, Dataset verification, boolean heldOut) {

  /// As many examples calibrate where nothing else is asked: the ranges of activations hardly move beyond.
  public static final int CALIBRATION = 100;

  /// One data set for both. Up to a hundred examples do both; of more, a hundred spread evenly over all calibrate (half of all where
  /// there are fewer than two hundred) and the others verify.
  ///
  /// @param samples how many shall calibrate
  public static Split of(Dataset data, Optional<Integer> samples) {
    int size = data.size();
    int calibrate =
        samples.orElse(size <= CALIBRATION ? size : Math.min(CALIBRATION, (size + 1) / 2));
    return calibrate >= size
        ? new Split(data, data, false)
        : new Split(data.spread(calibrate), data.exceptSpread(calibrate), true);
  }

  /// A data set for each.
  public static Split of(Dataset data, Dataset test, Optional<Integer> samples) {
    return new Split(data.spread(samples.orElse(CALIBRATION)), test, true);
  }

  /// No more than this many examples verify, spread evenly over all that would.
  public Split withVerification(int most) {
    return new Split(calibration, verification.spread(most), heldOut);
  }
}
