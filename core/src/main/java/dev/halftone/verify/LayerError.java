package dev.halftone.verify;

import dev.halftone.metric.Sqnr;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// The distance of one activation tensor from the float model's, in each variant of the quantized model.
///
/// @param op operation that makes the tensor, as in `Conv`
/// @param variants by variant name, in the order they were given
public record LayerError(String tensor, String op, Map<String, Variant> variants) {

  public LayerError {
    variants = Collections.unmodifiableMap(new LinkedHashMap<>(variants));
  }

  /// @param worst the channel with most of the error power; absent where the channels are not the same in every sample
  public record Variant(Sqnr sqnr, Optional<WorstChannel> worst) {}

  /// @param channels how many there are: an even error gives each the share 1 / channels
  /// @param share of the error power of the tensor, in [0, 1]
  public record WorstChannel(int channel, int channels, double share) {}
}
