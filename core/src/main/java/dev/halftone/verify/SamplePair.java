package dev.halftone.verify;

import java.util.List;

/// Both models' results for one input: all that is kept of them.
///
/// @param outputs an entry an output
/// @param scores an entry a metric: of the float model and of the quantized one
record SamplePair(int index, String id, List<OutputPair> outputs, List<Scores> scores) {

  /// Of the user's metric.
  record Scores(double floatModel, double quantized) {}
}
