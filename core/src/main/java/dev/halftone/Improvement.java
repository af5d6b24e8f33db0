package dev.halftone;

import dev.halftone.data.Dataset;
import dev.halftone.verify.VerifyOptions;
import java.util.List;

/// A change of a network's integers once the solver has found them, as fine-tuning makes it.
@FunctionalInterface
public interface Improvement {

  /// @param quantizer that made the network
  /// @param data the samples that were calibrated on
  /// @param answers what the network's answers are
  Improved apply(Quantizer quantizer, Quantized solved, Dataset data, VerifyOptions answers);

  /// A network after the change.
  ///
  /// @param notes sentences that the verdict carries
  record Improved(Quantized quantized, List<String> notes) {
    public Improved {
      notes = List.copyOf(notes);
    }
  }
}
