package dev.halftone.calibrate;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.OptionalInt;

/// A sample that steps after calibration look at again. Its hash alone says which one it is, in any part and any order of the data.
///
/// @param hash of its inputs, by [ContentHash]
/// @param hint where it was found in the data at hand; no part of what it is, and not saved
public record CorrectionSample(long hash, @JsonIgnore OptionalInt hint)
    implements Comparable<CorrectionSample> {

  /// Found nowhere yet.
  @JsonCreator
  public CorrectionSample(@JsonProperty("hash") long hash) {
    this(hash, OptionalInt.empty());
  }

  @Override
  public int compareTo(CorrectionSample other) {
    return Long.compare(hash, other.hash);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CorrectionSample that && hash == that.hash;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(hash);
  }
}
