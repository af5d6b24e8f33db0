package dev.halftone.verify;

import java.util.List;
import java.util.Optional;

/// What running two models on the same inputs showed.
///
/// @param data the inputs, in a few words
/// @param samples how many inputs
/// @param output name of the output whose answers were compared
/// @param kind what that output says
/// @param classes how many classes it tells apart; 0 where it has none
/// @param top1 present where inputs have labels and the output is of kind CLASSES, or of kind INDICES with one answer an input
/// @param top5 present where inputs have labels and there are more than 5 scored classes
/// @param agreement absent for kind EMBEDDING and VALUES
/// @param task what other tasks are judged by
/// @param outputs every output, the compared one first
/// @param perClass classes that have labelled inputs, by number
/// @param changed inputs whose answer changed
/// @param flips of these, the ones the float model was surest of, surest first
public record Comparison(
    String data,
    int samples,
    String output,
    OutputKind kind,
    int classes,
    Optional<PairedAccuracy> top1,
    Optional<PairedAccuracy> top5,
    Optional<Agreement> agreement,
    TaskFigures task,
    List<OutputError> outputs,
    List<ClassAccuracy> perClass,
    int changed,
    List<Flip> flips,
    List<String> notes) {

  public Comparison {
    if (samples < 1 || outputs.isEmpty()) {
      throw new IllegalArgumentException("a comparison has samples and outputs");
    }
    outputs = List.copyOf(outputs);
    perClass = List.copyOf(perClass);
    flips = List.copyOf(flips);
    notes = List.copyOf(notes);
  }

  /// A comparison of classes.
  public Comparison(
      String data,
      int samples,
      String output,
      OutputKind kind,
      int classes,
      Optional<PairedAccuracy> top1,
      Optional<PairedAccuracy> top5,
      Optional<Agreement> agreement,
      List<OutputError> outputs,
      List<ClassAccuracy> perClass,
      int changed,
      List<Flip> flips,
      List<String> notes) {
    this(
        data,
        samples,
        output,
        kind,
        classes,
        top1,
        top5,
        agreement,
        TaskFigures.NONE,
        outputs,
        perClass,
        changed,
        flips,
        notes);
  }

  /// Of the compared output.
  public Sqnr sqnr() {
    return outputs.getFirst().sqnr();
  }

  /// How far one output of the quantized model is from the float model's, over all inputs.
  ///
  /// @param name of the float model's output
  public record OutputError(String name, Sqnr sqnr) {}

  /// How often the quantized model gives the float model's own answer; needs no labels.
  ///
  /// @param inputs inputs whose whole answer is the same: the text, for kind TEXT
  /// @param positions positions whose answer is the same: one an input for a classifier, T an input for a sequence [1,T,C].
  ///     Positions of one input are not independent of each other: their interval is narrower than it should be.
  public record Agreement(Proportion inputs, Proportion positions) {}

  /// Accuracy on the inputs of one class.
  ///
  /// @param inputs inputs with this label, at least 1
  /// @param floatRight of these, inputs the float model is right on
  /// @param quantizedRight of these, inputs the quantized model is right on
  public record ClassAccuracy(NamedClass label, int inputs, int floatRight, int quantizedRight) {

    /// Quantized minus float, in [-1, 1].
    public double change() {
      return (double) (quantizedRight - floatRight) / inputs;
    }
  }

  /// An input on which the quantized model gives another answer than the float model.
  ///
  /// @param sample index in the data set
  /// @param id says which input it is, to a reader
  /// @param position first position of a sequence where the answers part; 0 for a classifier
  /// @param floatMargin score of the float model's answer minus the score of its second best, in the unit of the output; 0 where
  ///     there are no scores. Great margins are the worrying ones.
  public record Flip(
      int sample,
      String id,
      int position,
      Optional<NamedClass> label,
      NamedClass floatAnswer,
      double floatMargin,
      NamedClass quantizedAnswer,
      double quantizedMargin) {}

  /// A class by its number and, where the names are known, its name.
  public record NamedClass(int index, Optional<String> name) {

    static NamedClass of(int index, List<String> names) {
      return new NamedClass(
          index,
          index >= 0 && index < names.size()
              ? Optional.of(names.get(index)).filter(name -> !name.isBlank())
              : Optional.empty());
    }

    /// As in `7 (sneaker)`.
    @Override
    public String toString() {
      return index + name.map(text -> " (" + text + ")").orElse("");
    }
  }
}
