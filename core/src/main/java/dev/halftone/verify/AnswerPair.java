package dev.halftone.verify;

import dev.halftone.data.Sample;
import java.util.Optional;
import java.util.OptionalInt;

/// Both models' answers to one input in one output.
///
/// @param classes that the output tells apart; 0 where it has none
/// @param positions answers it has
/// @param same of these, answers that are the same
/// @param parting present where an answer differs; for kind TEXT where the text does
/// @param marks present where there is a label to hold against the answer
/// @param text present for kind TEXT
record AnswerPair(
    int classes,
    int positions,
    int same,
    Optional<Parting> parting,
    Optional<Marks> marks,
    Optional<TextPair> text) {

  static final AnswerPair NONE =
      new AnswerPair(0, 0, 0, Optional.empty(), Optional.empty(), Optional.empty());

  /// The first position where the answers differ.
  record Parting(
      int position, int floatPick, double floatMargin, int quantizedPick, double quantizedMargin) {}

  /// Who is right.
  record Marks(
      int label,
      boolean isFloatRight,
      boolean isQuantizedRight,
      boolean isFloatInTop5,
      boolean isQuantizedInTop5) {}

  static Optional<Parting> parting(Answers reference, Answers quantized) {
    int[] r = reference.picks();
    int[] q = quantized.picks();
    for (int i = 0; i < Math.min(r.length, q.length); i++) {
      if (r[i] != q[i]) {
        return Optional.of(new Parting(i, r[i], reference.margin(i), q[i], quantized.margin(i)));
      }
    }
    return Optional.empty();
  }

  static int same(Answers reference, Answers quantized) {
    int same = 0;
    for (int i = 0; i < Math.min(reference.picks().length, quantized.picks().length); i++) {
      same += reference.picks()[i] == quantized.picks()[i] ? 1 : 0;
    }
    return same;
  }

  /// Throws UnusableInputException where the label is no class.
  static Optional<Marks> marks(Sample sample, Answers reference, Answers quantized) {
    OptionalInt given = sample.label();
    if (given.isEmpty() || !reference.isOneAnswer() || !quantized.isOneAnswer()) {
      return Optional.empty();
    }
    int label = given.getAsInt();
    int classes = reference.classes();
    if (!Labels.fits(label, classes)) {
      throw Labels.misfit(label, classes, sample.id());
    }
    return Optional.of(
        new Marks(
            label,
            reference.holds(label, 1),
            quantized.holds(label, 1),
            reference.holds(label, 5),
            quantized.holds(label, 5)));
  }
}
