package dev.halftone.verify;

import dev.halftone.data.text.TextPairs;
import dev.halftone.meaning.OutputKind;
import dev.halftone.verify.TaskFigures.Directions;
import dev.halftone.verify.TaskFigures.Edits;
import dev.halftone.verify.TaskFigures.Errors;
import dev.halftone.verify.TaskFigures.Text;
import java.util.List;
import java.util.Optional;

/// Adds up, in index order, what samples say of texts, embeddings and scores.
final class TaskTally {

  private int read;
  private int withTruth;
  private int unspelled;
  private Edits toFloat = Edits.NONE;
  private Edits floatErrors = Edits.NONE;
  private Edits quantizedErrors = Edits.NONE;
  private final VectorTally vectors = new VectorTally();
  private final NumberTally numbers = new NumberTally();

  /// @param id says which input it is, to a reader
  void add(OutputPair pair, String id) {
    pair.answers().text().ifPresent(this::add);
    pair.vectors()
        .ifPresent(both -> {
          if (pair.meaning().kind() == OutputKind.EMBEDDING) {
            vectors.add(both, id);
          } else {
            numbers.add(both);
          }
        });
  }

  private void add(TextPair text) {
    read++;
    toFloat = toFloat.plus(text.edits());
    unspelled += text.isUnspelled() ? 1 : 0;
    text.truth()
        .ifPresent(truth -> {
          withTruth++;
          floatErrors = floatErrors.plus(truth.floatModel());
          quantizedErrors = quantizedErrors.plus(truth.quantized());
        });
  }

  /// What a reader must know of the figures.
  ///
  /// @param classes that the model tells apart
  List<String> notes(int classes) {
    return unspelled == 0
        ? List.of()
        : List.of(
            "No error rate, for no alphabet of %,d characters is known that the model's %,d classes would be: give one (--alphabet)."
                .formatted(Math.max(0, classes - 1), classes));
  }

  Optional<Text> text() {
    Optional<Errors> errors =
        withTruth == 0
            ? Optional.empty()
            : Optional.of(new Errors(withTruth, floatErrors, quantizedErrors));
    return read == 0 ? Optional.empty() : Optional.of(new Text(toFloat, errors));
  }

  /// @param pairs of samples
  Optional<Directions> directions(Optional<TextPairs> pairs) {
    return vectors.result(pairs);
  }

  /// @param pairs of samples
  Optional<ScoredPairs> ranking(Optional<TextPairs> pairs) {
    return pairs.flatMap(numbers::scored);
  }
}
