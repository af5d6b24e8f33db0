package dev.halftone.report;

import java.util.Optional;

/// Shows inputs to a reader.
@FunctionalInterface
public interface Pictures {

  Pictures NONE = _ -> Optional.empty();

  /// A small picture of the input at this index of the data set, as a PNG file; empty where there is none to show.
  Optional<byte[]> png(int sampleIndex);
}
