package dev.halftone.verify;

import dev.halftone.UnusableInputException;
import dev.halftone.data.Sample;
import dev.halftone.meaning.OutputKind;
import dev.halftone.meaning.OutputMeaning;
import dev.halftone.metric.Sqnr;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import dev.halftone.verify.OutputPairing.Paired;
import java.util.Optional;
import java.util.OptionalInt;

/// Holds the outputs of the quantized model for one input beside those of the float model.
///
/// @param truth what stands in the input, where it is known
/// @param labelled the output that the sample's label is of; -1 where there is none
record OutputSide(
    VerifyOptions options,
    OutputReader reader,
    Sample sample,
    Optional<String> truth,
    int labelled) {

  /// @param i which output it is
  OutputPair pair(int i, Paired output, OutputReading reference, Tensor other) {
    OutputMeaning meaning = reference.meaning();
    boolean isSameShape = reference.shape().count() == other.count();
    if (output.selection().isPresent() || !isSameShape) {
      return byRows(output, reference, other);
    }
    float[] r = reference.values();
    float[] q = other.toFloats();
    Answers first = reference.answers();
    Answers second = Answers.of(other, meaning);
    Optional<TextPair> text =
        meaning.kind() == OutputKind.TEXT
            ? Optional.of(TextPair.of(first, second, truth, options.alphabet()))
            : Optional.empty();
    return new OutputPair(
        meaning,
        new AnswerPair(
            first.classes(),
            Math.min(first.picks().length, second.picks().length),
            AnswerPair.same(first, second),
            AnswerPair.parting(first, second)
                .filter(_ -> text.isEmpty() || text.get().edits().edits() > 0),
            i == labelled ? AnswerPair.marks(sample, first, second) : Optional.empty(),
            text),
        Sqnr.of(r, q),
        meaning.kind() == OutputKind.VALUES
            ? channels(output, reference.shape(), r, q)
            : Optional.empty(),
        meaning.kind() == OutputKind.EMBEDDING
                || (meaning.kind() == OutputKind.VALUES && r.length == 1)
            ? Optional.of(new VectorPair(r, q, OutputKind.width(other.shape()), tokens()))
            : Optional.empty(),
        Optional.empty());
  }

  /// Of a sample that is a text.
  private OptionalInt tokens() {
    return options.texts().stream().mapToInt(inputs -> inputs.length(sample)).findFirst();
  }

  private Optional<ChannelSums> channels(Paired output, Shape shape, float[] r, float[] q) {
    return ChannelSums.of(r, q, shape, reader.channelAxis(output.name(), shape));
  }

  /// Rows of a selection have no fixed place, and of an output whose extents vary no fixed number.
  private OutputPair byRows(Paired output, OutputReading reference, Tensor other) {
    boolean mayVary =
        output.selection().isPresent() || options.evidence().varying().contains(output.name());
    if (!mayVary) {
      throw new UnusableInputException(
          "Output '%s' has %d elements in the float model and %d in the quantized one for input %s; give two models that do the same job."
              .formatted(output.name(), reference.values().length, other.count(), sample.id()));
    }
    RowMatch match = RowMatch.of(reference, other);
    String because =
        output
            .selection()
            .map(selection -> "%s chooses its rows".formatted(selection.operation()))
            .orElse("its extents vary");
    OutputKind kind = other.dtype().isWhole() ? OutputKind.INDICES : OutputKind.VALUES;
    return new OutputPair(
        OutputMeaning.of(kind, because),
        AnswerPair.NONE,
        match.error(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(match.rows()));
  }
}
