package dev.halftone.verify;

import dev.halftone.meaning.OutputKind;
import dev.halftone.metric.Proportion;

/// The share of answers that are the float model's own; needs no labels.
///
/// @param inputs inputs whose whole answer is the same: the text, for kind TEXT
/// @param positions positions whose answer is the same: one an input for a classifier, T an input for a sequence [1,T,C].
///     Positions of one input are not independent of each other: their interval is narrower than it should be.
public record Agreement(Proportion inputs, Proportion positions) {

  /// True where whole answers are counted: where there is one an input. One wrong position of a long sequence is not a wrong sequence.
  public boolean isByInput(OutputKind kind) {
    return kind.isWhole() || positions.trials() == inputs.trials();
  }

  /// By inputs or by positions.
  public Proportion of(OutputKind kind) {
    return isByInput(kind) ? inputs : positions;
  }
}
