package dev.halftone.verify;

import com.fasterxml.jackson.annotation.JsonGetter;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/// The figures of a comparison for a task other than telling classes apart.
///
/// @param text present for kind TEXT
/// @param directions present for kind EMBEDDING
/// @param scores of the user's own metrics
public record TaskFigures(
    Optional<Text> text, Optional<Directions> directions, List<TaskScore> scores) {

  public static final TaskFigures NONE =
      new TaskFigures(Optional.empty(), Optional.empty(), List.of());

  public TaskFigures {
    scores = List.copyOf(scores);
  }

  /// The score of this name.
  public Optional<TaskScore> score(String name) {
    return scores.stream().filter(score -> score.name().equals(name)).findFirst();
  }

  /// Edits against a text of so many characters.
  ///
  /// @param characters of the reference
  public record Edits(long edits, long characters) {

    static final Edits NONE = new Edits(0, 0);

    Edits plus(Edits more) {
      return new Edits(edits + more.edits, characters + more.characters);
    }

    /// Edits a character; above 1 where more was read than there is.
    @JsonGetter("rate")
    public double rate() {
      return (double) edits / Math.max(1, characters);
    }
  }

  /// What was read.
  ///
  /// @param toFloat from the quantized model's text to the float model's
  /// @param errors present where inputs have a text and the classes are known as characters
  public record Text(Edits toFloat, Optional<Errors> errors) {}

  /// Against what really stands there.
  ///
  /// @param inputs that have a text
  public record Errors(int inputs, Edits floatModel, Edits quantized) {

    /// Quantized minus float.
    public double change() {
      return quantized.rate() - floatModel.rate();
    }
  }

  /// Cosines between each vector of the float model and its twin.
  ///
  /// @param vectors one an input, or one a position of a sequence [1,T,D]
  /// @param worstInput says which input the worst is of
  /// @param firstPercentile the cosine that one vector in a hundred is below; absent in files of older builds
  /// @param similarity what users of the vectors notice
  public record Directions(
      long vectors,
      double mean,
      double worst,
      String worstInput,
      OptionalDouble firstPercentile,
      @JsonUnwrapped Similarity similarity) {

    public Directions {
      firstPercentile = Objects.requireNonNullElse(firstPercentile, OptionalDouble.empty());
    }
  }

  /// Averages over the inputs of a [TaskMetric].
  public record TaskScore(String name, double floatModel, double quantized) {

    /// Quantized minus float.
    public double change() {
      return quantized - floatModel;
    }
  }
}
