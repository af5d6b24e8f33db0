package dev.halftone.equalize;

import java.util.List;
import java.util.Optional;

/// The factors of the channels of one tensor.
///
/// @param factors one a channel, 1 at most
/// @param floor below which it does not matter what the divided tensor is, for gates are shut, where it goes below
public record ScaledChannels(List<Double> factors, Optional<Float> floor) {
  public ScaledChannels {
    factors = List.copyOf(factors);
    if (factors.stream().anyMatch(factor -> !(factor > 0) || Double.isInfinite(factor))) {
      throw new IllegalArgumentException("factors are positive numbers, not " + factors);
    }
    if (floor.filter(bound -> !Float.isFinite(bound)).isPresent()) {
      throw new IllegalArgumentException("floor is a number, not " + floor.get());
    }
  }

  boolean isDivided() {
    return factors.stream().anyMatch(factor -> factor != 1);
  }
}
