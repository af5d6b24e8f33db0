package dev.halftone.verify;

import dev.halftone.TaskMetric;
import dev.halftone.data.label.ClassList;
import dev.halftone.data.text.TextInputs;
import dev.halftone.graph.Model;
import dev.halftone.meaning.ChannelLayout;
import dev.halftone.meaning.GraphEvidence;
import dev.halftone.meaning.ModelFolder;
import dev.halftone.meaning.OutputKind;
import dev.halftone.meaning.PoolingChoice;
import dev.halftone.meaning.TextOutputs;
import dev.halftone.metric.Alphabet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The choices for comparing two models: the outputs that count, what they mean, and the user's own metrics.
///
/// @param choice the outputs that count, and what they mean
/// @param classNames by class number; may be empty
/// @param alphabet how classes are spelled, for kind TEXT
/// @param metrics of the user's own
/// @param threads samples in work at once
/// @param maxFlips how many of the inputs whose answer changed are kept
public record VerifyOptions(
    OutputChoice choice,
    List<String> classNames,
    Optional<Alphabet> alphabet,
    List<TaskMetric> metrics,
    int threads,
    int maxFlips) {

  /// Without a graph there is no evidence: outputs are classes where labels or names of classes fit, or where a kind is given.
  public static final VerifyOptions DEFAULT =
      new VerifyOptions(
          OutputChoice.by(GraphEvidence.NONE), List.of(), Optional.empty(), List.of(), 1, 64);

  public VerifyOptions {
    classNames = List.copyOf(classNames);
    metrics = List.copyOf(metrics);
    if (threads < 1 || maxFlips < 0) {
      throw new IllegalArgumentException(
          "threads >= 1 and maxFlips >= 0, not " + threads + " and " + maxFlips);
    }
  }

  /// What the float model's file says of its answers: what ends its graph, names of classes, characters.
  public static VerifyOptions of(Model model) {
    return new VerifyOptions(
        OutputChoice.by(GraphEvidence.of(model)),
        ClassList.names(model.metadata()),
        Alphabet.of(model),
        List.of(),
        1,
        DEFAULT.maxFlips);
  }

  List<String> outputs() {
    return choice.outputs();
  }

  /// What all outputs are said to be that can be it; empty where nothing is said, or only of single ones.
  public Optional<OutputKind> kind() {
    return choice.kind();
  }

  Map<String, OutputKind> kinds() {
    return choice.kinds();
  }

  /// What is said or known of an output by name.
  Optional<OutputKind> meant(String output) {
    return choice.meant(output);
  }

  PoolingChoice pooling() {
    return choice.pooling();
  }

  GraphEvidence evidence() {
    return choice.evidence();
  }

  /// The inputs of a model that reads texts.
  public Optional<TextInputs> texts() {
    return evidence().text().map(TextOutputs::inputs);
  }

  private VerifyOptions with(OutputChoice other) {
    return new VerifyOptions(other, classNames, alphabet, metrics, threads, maxFlips);
  }

  /// The model with the tensors among its outputs that say what is selected, where a selection makes an output: two models that show
  /// them can be judged by them. The same model where there is none.
  public Model watched(Model model) {
    List<String> outputs =
        model.graph().outputs().stream().map(dev.halftone.graph.Value::name).toList();
    List<String> feeds = new ArrayList<>(choice.evidence().feeds(outputs));
    List<String> made =
        model.graph().nodes().stream().flatMap(node -> node.outputs().stream()).toList();
    feeds.retainAll(made);
    return feeds.isEmpty() ? model : LayerErrors.watching(model, feeds);
  }

  /// True where what goes into a selection is to be among the outputs, so that [#watched] differs.
  public boolean watches() {
    return !choice.evidence().selections().isEmpty();
  }

  /// True where the graph says of some output that it holds scores of classes.
  boolean hasScores() {
    return choice.evidence().meanings().entrySet().stream()
        .filter(one -> choice.evidence().outputs().contains(one.getKey()))
        .map(one -> one.getValue().kind())
        .anyMatch(found -> found == OutputKind.CLASSES || found == OutputKind.TEXT);
  }

  boolean counts(String output) {
    return choice.outputs().isEmpty() || choice.outputs().contains(output);
  }

  ChannelLayout layout(String output) {
    return choice.evidence().layouts().getOrDefault(output, ChannelLayout.ALIKE);
  }

  public VerifyOptions withOutputs(List<String> names) {
    return with(choice.withOutputs(names));
  }

  public VerifyOptions withKind(Optional<OutputKind> other) {
    return with(choice.withKind(other));
  }

  public VerifyOptions withKinds(Map<String, OutputKind> other) {
    return with(choice.withKinds(other));
  }

  /// How one vector is made of those of tokens.
  public VerifyOptions withPooling(PoolingChoice other) {
    return with(choice.withPooling(other));
  }

  /// With what files beside the model say.
  public VerifyOptions beside(ModelFolder folder) {
    OutputChoice pooled = folder.pooling().map(choice::withPooling).orElse(choice);
    return with(
        folder
            .tags()
            .map(because -> pooled.withEvidence(evidence().tagging(because)))
            .orElse(pooled));
  }

  public VerifyOptions withClassNames(List<String> names) {
    return new VerifyOptions(choice, names, alphabet, metrics, threads, maxFlips);
  }

  public VerifyOptions withAlphabet(Optional<Alphabet> other) {
    return new VerifyOptions(choice, classNames, other, metrics, threads, maxFlips);
  }

  public VerifyOptions withMetrics(List<TaskMetric> other) {
    return new VerifyOptions(choice, classNames, alphabet, other, threads, maxFlips);
  }

  public VerifyOptions withThreads(int count) {
    return new VerifyOptions(choice, classNames, alphabet, metrics, count, maxFlips);
  }

  VerifyOptions withMaxFlips(int count) {
    return new VerifyOptions(choice, classNames, alphabet, metrics, threads, count);
  }
}
