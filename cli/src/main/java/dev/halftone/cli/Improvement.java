package dev.halftone.cli;

import dev.halftone.Quantized;
import dev.halftone.Quantizer;
import dev.halftone.data.Dataset;
import java.util.List;

/// A change of the numbers once the solver has found them.
@FunctionalInterface
interface Improvement {

  /// @param data the samples that were calibrated on
  /// @param notes takes sentences for the verdict
  Quantized apply(Quantizer quantizer, Quantized solved, Dataset data, List<String> notes);
}
