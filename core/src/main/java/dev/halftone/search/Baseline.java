package dev.halftone.search;

import dev.halftone.Calibrated;
import dev.halftone.Quantizer;
import dev.halftone.plan.Placement;
import dev.halftone.recipe.Recipe;

/// A quantization that a [Fallback] starts from, since it is not good enough.
///
/// @param examiner judges models made of it
/// @param placement of the operations while none takes the fallback
record Baseline(
    Quantizer quantizer, CandidateScore examiner, Calibrated seen, Placement placement) {

  static Baseline of(Candidates trials, Quantizer quantizer) {
    Calibrated seen = trials.calibrated(quantizer);
    return new Baseline(
        quantizer, trials.examiner(), seen, quantizer.place(seen.prepared(), seen.statistics()));
  }

  Recipe recipe() {
    return quantizer.recipe();
  }
}
