package dev.halftone.verify;

import dev.halftone.UnusableInputException;
import dev.halftone.data.Dataset;
import dev.halftone.data.Sample;
import dev.halftone.data.label.ClassList;
import dev.halftone.engine.InOrder;
import dev.halftone.engine.Progress;
import dev.halftone.engine.Runner;
import dev.halftone.graph.Model;
import dev.halftone.meaning.ChannelLayout;
import dev.halftone.meaning.GraphEvidence;
import dev.halftone.meaning.OutputKind;
import dev.halftone.metric.Alphabet;
import dev.halftone.tensor.Tensor;
import dev.halftone.verify.OutputPairing.Paired;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Runs the float and the quantized model side by side over a data set. The result does not depend on the number of threads, and
/// memory does not grow with the number of samples.
public final class Verifier {

  /// @param outputs names of those that verdict and gates look at; all where empty
  /// @param kind what outputs mean, of all that can mean it
  /// @param kinds what single outputs mean, by name
  /// @param evidence what the float model's graph says of the others
  /// @param classNames by class number; may be empty
  /// @param alphabet how classes are spelled, for kind TEXT
  /// @param metrics of the user's own
  /// @param threads samples in work at once
  /// @param maxFlips how many of the inputs whose answer changed are kept
  public record Options(
      List<String> outputs,
      Optional<OutputKind> kind,
      Map<String, OutputKind> kinds,
      GraphEvidence evidence,
      List<String> classNames,
      Optional<Alphabet> alphabet,
      List<TaskMetric> metrics,
      int threads,
      int maxFlips) {

    /// Without a graph there is no evidence: outputs are classes where labels or names of classes fit, or where a kind is given.
    public static final Options DEFAULT =
        new Options(
            List.of(),
            Optional.empty(),
            Map.of(),
            GraphEvidence.NONE,
            List.of(),
            Optional.empty(),
            List.of(),
            1,
            64);

    public Options {
      outputs = List.copyOf(outputs);
      kinds = Map.copyOf(kinds);
      classNames = List.copyOf(classNames);
      metrics = List.copyOf(metrics);
      if (threads < 1 || maxFlips < 0) {
        throw new IllegalArgumentException(
            "threads >= 1 and maxFlips >= 0, not " + threads + " and " + maxFlips);
      }
    }

    /// What the float model's file says of its answers: what ends its graph, names of classes, characters.
    public static Options of(Model model) {
      return new Options(
          List.of(),
          Optional.empty(),
          Map.of(),
          GraphEvidence.of(model),
          ClassList.names(model.metadata()),
          Alphabet.of(model),
          List.of(),
          1,
          DEFAULT.maxFlips);
    }

    /// The model with the tensors among its outputs that say what is selected, where a selection makes an output: two models that show
    /// them can be judged by them. The same model where there is none.
    public Model watched(Model model) {
      List<String> outputs =
          model.graph().outputs().stream().map(dev.halftone.graph.Value::name).toList();
      List<String> feeds = new ArrayList<>(evidence.feeds(outputs));
      List<String> made =
          model.graph().nodes().stream().flatMap(node -> node.outputs().stream()).toList();
      feeds.retainAll(made);
      return feeds.isEmpty() ? model : LayerErrors.watching(model, feeds);
    }

    /// True where what goes into a selection is to be among the outputs, so that [#watched] differs.
    public boolean watches() {
      return !evidence.selections().isEmpty();
    }

    /// True where the graph says of some output that it holds scores of classes.
    boolean hasScores() {
      return evidence.meanings().entrySet().stream()
          .filter(one -> evidence.outputs().contains(one.getKey()))
          .map(one -> one.getValue().kind())
          .anyMatch(found -> found == OutputKind.CLASSES || found == OutputKind.TEXT);
    }

    boolean counts(String output) {
      return outputs.isEmpty() || outputs.contains(output);
    }

    ChannelLayout layout(String output) {
      return evidence.layouts().getOrDefault(output, ChannelLayout.ALIKE);
    }

    public Options withOutputs(List<String> names) {
      return new Options(
          names, kind, kinds, evidence, classNames, alphabet, metrics, threads, maxFlips);
    }

    public Options withKind(Optional<OutputKind> other) {
      return new Options(
          outputs, other, kinds, evidence, classNames, alphabet, metrics, threads, maxFlips);
    }

    public Options withKinds(Map<String, OutputKind> other) {
      return new Options(
          outputs, kind, other, evidence, classNames, alphabet, metrics, threads, maxFlips);
    }

    public Options withClassNames(List<String> names) {
      return new Options(
          outputs, kind, kinds, evidence, names, alphabet, metrics, threads, maxFlips);
    }

    public Options withAlphabet(Optional<Alphabet> other) {
      return new Options(
          outputs, kind, kinds, evidence, classNames, other, metrics, threads, maxFlips);
    }

    public Options withMetrics(List<TaskMetric> other) {
      return new Options(
          outputs, kind, kinds, evidence, classNames, alphabet, other, threads, maxFlips);
    }

    public Options withThreads(int count) {
      return new Options(
          outputs, kind, kinds, evidence, classNames, alphabet, metrics, count, maxFlips);
    }

    public Options withMaxFlips(int count) {
      return new Options(
          outputs, kind, kinds, evidence, classNames, alphabet, metrics, threads, count);
    }
  }

  private final Runner floatModel;
  private final Runner quantized;
  private final Options options;
  private final List<Paired> outputs;
  private final OutputReader reader;

  private Verifier(Runner floatModel, Runner quantized, Options options, Dataset data) {
    this.floatModel = floatModel;
    this.quantized = quantized;
    this.options = options;
    this.outputs = OutputPairing.of(floatModel, quantized, options);
    this.reader = OutputReader.of(options, outputs.size(), data);
  }

  public static Comparison compare(
      Runner floatModel, Runner quantized, Dataset data, Options options) {
    return compare(floatModel, quantized, data, options, Progress.NONE);
  }

  /// Throws UnusableInputException where the data set is empty, a label fits no class, or the two models' outputs do not correspond.
  ///
  /// @param progress steps once a sample
  public static Comparison compare(
      Runner floatModel, Runner quantized, Dataset data, Options options, Progress progress) {
    if (data.size() == 0) {
      throw new UnusableInputException(
          "There is nothing to compare the models on: "
              + data.description()
              + " holds no input; give at least one.");
    }
    Verifier verifier = new Verifier(floatModel, quantized, options, data);
    Tally tally = new Tally(options, verifier.outputs.size());
    InOrder.run(
        data.size(),
        options.threads(),
        index -> verifier.both(index, data.sample(index), data.text(index)),
        pair -> {
          tally.add(pair);
          progress.step();
        });
    return tally.result(
        data.description(), verifier.outputs, verifier.reader.greatestLabel().isPresent());
  }

  private SamplePair both(int index, Sample sample, Optional<String> truth) {
    Map<String, Tensor> kept = new TreeMap<>();
    List<OutputReading> readings = new ArrayList<>();
    floatModel.run(
        sample.inputs(),
        tensors -> {
          for (Paired output : outputs) {
            Tensor tensor = of(tensors, output.name());
            readings.add(OutputReading.of(tensor, reader.meaning(output.name(), tensor)));
          }
          if (!options.metrics().isEmpty()) {
            tensors.forEach((name, tensor) -> kept.put(name, copy(tensor)));
          }
        });
    List<Double> floatScores = new ArrayList<>();
    options.metrics().forEach(metric -> floatScores.add(metric.of(sample, kept, kept)));
    List<SamplePair.Scores> scores = new ArrayList<>();
    List<OutputPair> pairs = new ArrayList<>();
    quantized.run(
        sample.inputs(),
        tensors -> {
          OutputSide side =
              new OutputSide(options, reader, sample, truth, labelled(sample, readings));
          for (int i = 0; i < outputs.size(); i++) {
            pairs.add(
                side.pair(i, outputs.get(i), readings.get(i), of(tensors, outputs.get(i).twin())));
          }
          for (int i = 0; i < options.metrics().size(); i++) {
            double score = options.metrics().get(i).of(sample, byFloatNames(tensors), kept);
            scores.add(new SamplePair.Scores(floatScores.get(i), score));
          }
        });
    return new SamplePair(index, sample.id(), pairs, scores);
  }

  /// The output that a label is of: the first judged one that gives one answer and has that class, else the first; -1 where there is none.
  private int labelled(Sample sample, List<OutputReading> readings) {
    int first = -1;
    for (int i = 0; i < readings.size() && sample.label().isPresent(); i++) {
      Answers answers = readings.get(i).answers();
      if (outputs.get(i).isJudged() && answers.isOneAnswer()) {
        if (reader.greatestLabel().isEmpty()
            || Labels.fits(reader.greatestLabel().getAsInt(), answers.classes())) {
          return i;
        }
        first = first < 0 ? i : first;
      }
    }
    return first;
  }

  private Map<String, Tensor> byFloatNames(Map<String, Tensor> tensors) {
    Map<String, Tensor> named = new LinkedHashMap<>();
    outputs.forEach(output -> named.put(output.name(), of(tensors, output.twin())));
    return named;
  }

  private static Tensor copy(Tensor tensor) {
    Tensor copy = Tensor.allocate(tensor.dtype(), tensor.shape());
    copy.data().copyFrom(tensor.data());
    return copy;
  }

  private static <T> T of(Map<String, T> map, String name) {
    T value = map.get(name);
    if (value == null) {
      throw new IllegalStateException("the runner gave no output '" + name + "'");
    }
    return value;
  }
}
