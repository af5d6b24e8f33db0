package dev.halftone.verify;

import dev.halftone.data.Sample;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// What both models made of one input: all that is kept of it.
///
/// @param positions answers it has
/// @param same of these, answers that are the same
/// @param parting present where an answer differs; for kind TEXT where the text does
/// @param marks present where there is a label to hold against the answer
/// @param errors an entry an output
/// @param text present for kind TEXT
/// @param directions present for kind EMBEDDING
/// @param scores an entry a metric: of the float model and of the quantized one
record SamplePair(
    int index,
    String id,
    OutputKind kind,
    int classes,
    int positions,
    int same,
    Optional<Parting> parting,
    Optional<Marks> marks,
    List<Sqnr> errors,
    Optional<TextPair> text,
    Optional<Cosines> directions,
    List<Scores> scores) {

  /// Of the user's metric.
  record Scores(double floatModel, double quantized) {}

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

  static SamplePair of(
      int index,
      Sample sample,
      Answers reference,
      Answers quantized,
      List<Sqnr> errors,
      Optional<TextPair> text,
      Optional<Cosines> directions,
      List<Scores> scores) {
    int[] r = reference.picks();
    int[] q = quantized.picks();
    int positions = Math.min(r.length, q.length);
    int same = 0;
    Optional<Parting> parting = Optional.empty();
    for (int i = 0; i < positions; i++) {
      if (r[i] == q[i]) {
        same++;
      } else if (parting.isEmpty()) {
        parting = Optional.of(new Parting(i, r[i], reference.margin(i), q[i], quantized.margin(i)));
      }
    }
    return new SamplePair(
        index,
        sample.id(),
        reference.kind(),
        reference.classes(),
        positions,
        same,
        parting.filter(_ -> text.isEmpty() || text.get().edits().edits() > 0),
        marks(sample, reference, quantized),
        errors,
        text,
        directions,
        scores);
  }

  private static Optional<Marks> marks(Sample sample, Answers reference, Answers quantized) {
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
