package dev.halftone.verify;

import com.fasterxml.jackson.annotation.JsonGetter;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.halftone.meaning.OutputKind;
import dev.halftone.metric.PairedAccuracy;
import dev.halftone.metric.Sqnr;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The result of running two models on the same inputs.
///
/// The JSON form also has, of [#main], the fields that schema 1 had here: `output`, `kind`, `classes`, `top1`, `top5`, `agreement`, `task` and
/// `changed`; reading passes over them.
///
/// @param data the inputs, in a few words
/// @param samples how many inputs
/// @param outputs every output in the float model's order, then the tensors that feed a selection
/// @param scores of the user's own metrics
/// @param changes of the answers in the main output
public record Comparison(
    String data,
    int samples,
    List<OutputFigures> outputs,
    List<TaskFigures.TaskScore> scores,
    @JsonUnwrapped Changes changes,
    List<String> notes) {

  /// Answers of the float model beside the quantized one's.
  ///
  /// @param perClass classes that have labelled inputs, by number
  /// @param flips inputs whose answer changed, of these the ones the float model was surest of, surest first
  public record Changes(List<ClassAccuracy> perClass, List<Flip> flips) {

    /// Of outputs without answers.
    public static final Changes NONE = new Changes(List.of(), List.of());

    public Changes {
      perClass = List.copyOf(perClass);
      flips = List.copyOf(flips);
    }
  }

  public Comparison {
    if (samples < 1 || outputs.isEmpty()) {
      throw new IllegalArgumentException("a comparison has samples and outputs");
    }
    outputs = List.copyOf(outputs);
    scores = List.copyOf(scores);
    notes = List.copyOf(notes);
  }

  /// The same with figures of batches, by the names of outputs.
  Comparison withBatches(Map<String, BatchFigures> batches) {
    List<OutputFigures> all =
        outputs.stream()
            .map(output ->
                Optional.ofNullable(batches.get(output.name())).map(output::with).orElse(output))
            .toList();
    return new Comparison(data, samples, all, scores, changes, notes);
  }

  /// The same with one more note.
  Comparison noting(String note) {
    List<String> all = new ArrayList<>(notes);
    all.add(note);
    return new Comparison(data, samples, outputs, scores, changes, all);
  }

  /// Of the judged output in which a text changes most with its batch; empty where that was not measured.
  public Optional<BatchFigures> batch() {
    return judged().stream()
        .map(OutputFigures::batch)
        .flatMap(Optional::stream)
        .min(Comparator.comparingDouble(figures -> figures.quantized().worst()));
  }

  public List<ClassAccuracy> perClass() {
    return changes.perClass;
  }

  public List<Flip> flips() {
    return changes.flips;
  }

  /// The outputs that verdict and gates look at; all where there are none.
  public List<OutputFigures> judged() {
    List<OutputFigures> judged = outputs.stream().filter(OutputFigures::isJudged).toList();
    return judged.isEmpty() ? outputs : judged;
  }

  /// The output that gives the answer: the one that labels are of, else the first judged one that has answers, else the first judged one.
  public OutputFigures main() {
    List<OutputFigures> judged = judged();
    return judged.stream()
        .filter(output -> output.top1().isPresent())
        .findFirst()
        .or(() -> judged.stream().filter(output -> output.agreement().isPresent()).findFirst())
        .orElseGet(judged::getFirst);
  }

  /// Of the judged embedding that is farthest from the float model's on average; empty where there is none.
  public Optional<TaskFigures.Directions> directions() {
    return judged().stream()
        .map(OutputFigures::directions)
        .flatMap(Optional::stream)
        .min(Comparator.comparingDouble(TaskFigures.Directions::mean));
  }

  /// The judged output with the greatest [OutputFigures#noiseShare], the first of several. One without a finite number is worse than any, one
  /// that is zero in both models is better.
  public OutputFigures worst() {
    OutputFigures worst = judged().getFirst();
    for (OutputFigures output : judged()) {
      worst = badness(output) > badness(worst) ? output : worst;
    }
    return worst;
  }

  private static double badness(OutputFigures output) {
    double share = output.noiseShare();
    return output.sqnr().count() == 0 && output.rows().isEmpty()
        ? Double.POSITIVE_INFINITY
        : Double.isNaN(share) ? -1 : share;
  }

  /// What is wrong with the worst judged output: what one number can say of a comparison, 0 is best. See [OutputFigures#noiseShare].
  public double noiseShare() {
    return worst().noiseShare();
  }

  /// [#noiseShare] in dB; infinite where nothing is wrong.
  public double decibels() {
    return worst().decibels();
  }

  /// Over all elements of the worst judged output.
  public Sqnr sqnr() {
    return worst().sqnr();
  }

  @JsonGetter("output")
  public String output() {
    return main().name();
  }

  @JsonGetter("kind")
  public OutputKind kind() {
    return main().kind();
  }

  @JsonGetter("classes")
  public int classes() {
    return main().classes();
  }

  @JsonGetter("top1")
  public Optional<PairedAccuracy> top1() {
    return main().top1();
  }

  @JsonGetter("top5")
  public Optional<PairedAccuracy> top5() {
    return main().top5();
  }

  @JsonGetter("agreement")
  public Optional<Agreement> agreement() {
    return main().agreement();
  }

  @JsonGetter("task")
  public TaskFigures task() {
    return new TaskFigures(main().text(), main().directions(), scores);
  }

  @JsonGetter("changed")
  public int changed() {
    return main().changed();
  }

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
  public record Flip(
      int sample,
      String id,
      int position,
      Optional<NamedClass> label,
      @JsonUnwrapped BothAnswers answers) {}

  /// The answers of both models to one input.
  ///
  /// @param floatMargin score of the float model's answer minus the score of its second best, in the unit of the output; 0 where
  ///     there are no scores. Great margins are the worrying ones.
  public record BothAnswers(
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
