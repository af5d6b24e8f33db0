package dev.halftone.verify;

import dev.halftone.UnusableInputException;
import dev.halftone.data.Dataset;
import dev.halftone.data.Sample;
import dev.halftone.engine.InOrder;
import dev.halftone.engine.Progress;
import dev.halftone.engine.Runner;
import dev.halftone.graph.Model;
import dev.halftone.graph.Value;
import dev.halftone.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/// Runs the float and the quantized model side by side over a data set. The result does not depend on the number of threads, and
/// memory does not grow with the number of samples.
public final class Verifier {

  /// @param output the output whose answers are compared; the float model's first where empty
  /// @param kind what that output says; read from its type and shape where empty, and a sequence is TEXT where there is an alphabet or a
  ///     text to compare with
  /// @param classNames by class number; may be empty
  /// @param alphabet how classes are spelled, for kind TEXT
  /// @param metrics of the user's own
  /// @param threads samples in work at once
  /// @param maxFlips how many of the inputs whose answer changed are kept
  public record Options(
      Optional<String> output,
      Optional<OutputKind> kind,
      List<String> classNames,
      Optional<Alphabet> alphabet,
      List<TaskMetric> metrics,
      int threads,
      int maxFlips) {

    public static final Options DEFAULT =
        new Options(
            Optional.empty(), Optional.empty(), List.of(), Optional.empty(), List.of(), 1, 64);

    public Options {
      classNames = List.copyOf(classNames);
      metrics = List.copyOf(metrics);
      if (threads < 1 || maxFlips < 0) {
        throw new IllegalArgumentException(
            "threads >= 1 and maxFlips >= 0, not " + threads + " and " + maxFlips);
      }
    }

    /// What the model's file says of its answers: names of classes, characters.
    public static Options of(Model model) {
      return DEFAULT.withClassNames(ClassNames.of(model)).withAlphabet(Alphabet.of(model));
    }

    public Options withOutput(String name) {
      return new Options(Optional.of(name), kind, classNames, alphabet, metrics, threads, maxFlips);
    }

    public Options withKind(Optional<OutputKind> other) {
      return new Options(output, other, classNames, alphabet, metrics, threads, maxFlips);
    }

    public Options withClassNames(List<String> names) {
      return new Options(output, kind, names, alphabet, metrics, threads, maxFlips);
    }

    public Options withAlphabet(Optional<Alphabet> other) {
      return new Options(output, kind, classNames, other, metrics, threads, maxFlips);
    }

    public Options withMetrics(List<TaskMetric> other) {
      return new Options(output, kind, classNames, alphabet, other, threads, maxFlips);
    }

    public Options withThreads(int count) {
      return new Options(output, kind, classNames, alphabet, metrics, count, maxFlips);
    }

    public Options withMaxFlips(int count) {
      return new Options(output, kind, classNames, alphabet, metrics, threads, count);
    }
  }

  private final Runner floatModel;
  private final Runner quantized;
  private final Options options;

  /// Whether a sequence spells a text.
  private final boolean spells;

  /// Names of the outputs, float to quantized, the compared one first.
  private final Map<String, String> outputs;

  private Verifier(Runner floatModel, Runner quantized, Options options, boolean hasTexts) {
    this.floatModel = floatModel;
    this.quantized = quantized;
    this.options = options;
    this.spells = hasTexts || options.alphabet().isPresent();
    this.outputs = pairOutputs();
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
    boolean hasTexts = IntStream.range(0, data.size()).anyMatch(i -> data.text(i).isPresent());
    Verifier verifier = new Verifier(floatModel, quantized, options, hasTexts);
    Tally tally = new Tally(options);
    InOrder.run(
        data.size(),
        options.threads(),
        index -> verifier.both(index, data.sample(index), data.text(index)),
        pair -> {
          tally.add(pair);
          progress.step();
        });
    return tally.result(data.description(), List.copyOf(verifier.outputs.keySet()));
  }

  private SamplePair both(int index, Sample sample, Optional<String> truth) {
    String output = outputs.keySet().iterator().next();
    Map<String, float[]> reference = new LinkedHashMap<>();
    Map<String, Tensor> kept = new LinkedHashMap<>();
    List<Answers> answers = new ArrayList<>();
    List<Double> floatScores = new ArrayList<>();
    floatModel.run(
        sample.inputs(),
        tensors -> {
          outputs.keySet().forEach(name -> reference.put(name, of(tensors, name).toFloats()));
          Tensor compared = of(tensors, output);
          answers.add(Answers.of(compared, kind(compared)));
          if (!options.metrics().isEmpty()) {
            tensors.forEach((name, tensor) -> kept.put(name, copy(tensor)));
          }
        });
    options.metrics().forEach(metric -> floatScores.add(metric.of(sample, kept, kept)));
    List<Sqnr> errors = new ArrayList<>();
    List<SamplePair.Scores> scores = new ArrayList<>();
    List<Cosines> directions = new ArrayList<>();
    quantized.run(
        sample.inputs(),
        tensors -> {
          outputs.forEach(
              (name, twin) -> errors.add(error(sample, name, reference, of(tensors, twin))));
          Tensor compared = of(tensors, of(outputs, output));
          OutputKind kind = answers.getFirst().kind();
          answers.add(Answers.of(compared, kind));
          if (kind == OutputKind.EMBEDDING) {
            directions.add(
                Cosines.of(
                    of(reference, output),
                    compared.toFloats(),
                    OutputKind.width(compared.shape())));
          }
          for (int i = 0; i < options.metrics().size(); i++) {
            double score = options.metrics().get(i).of(sample, byFloatNames(tensors), kept);
            scores.add(new SamplePair.Scores(floatScores.get(i), score));
          }
        });
    Answers first = answers.getFirst();
    Answers second = answers.getLast();
    return SamplePair.of(
        index,
        sample,
        first,
        second,
        errors,
        first.kind() == OutputKind.TEXT
            ? Optional.of(TextPair.of(first, second, truth, options.alphabet()))
            : Optional.empty(),
        directions.stream().findFirst(),
        scores);
  }

  /// A shape does not tell a text from another sequence; that there is an alphabet or a text to compare with does.
  private OutputKind kind(Tensor compared) {
    return options
        .kind()
        .orElseGet(() -> {
          OutputKind kind = OutputKind.of(compared.dtype(), compared.shape());
          return kind == OutputKind.SEQUENCE && spells ? OutputKind.TEXT : kind;
        });
  }

  private Map<String, Tensor> byFloatNames(Map<String, Tensor> tensors) {
    Map<String, Tensor> named = new LinkedHashMap<>();
    outputs.forEach((name, twin) -> named.put(name, of(tensors, twin)));
    return named;
  }

  private static Tensor copy(Tensor tensor) {
    Tensor copy = Tensor.allocate(tensor.dtype(), tensor.shape());
    copy.data().copyFrom(tensor.data());
    return copy;
  }

  private static Sqnr error(
      Sample sample, String name, Map<String, float[]> reference, Tensor quantized) {
    float[] r = of(reference, name);
    float[] q = quantized.toFloats();
    if (r.length != q.length) {
      throw new UnusableInputException(
          "Output '%s' has %d elements in the float model and %d in the quantized one for input %s; give two models that do the same job."
              .formatted(name, r.length, q.length, sample.id()));
    }
    return Sqnr.of(r, q);
  }

  /// By name, or by position where the names differ and the numbers of outputs do not.
  private Map<String, String> pairOutputs() {
    List<String> mine = floatModel.outputs().stream().map(Value::name).toList();
    List<String> theirs = quantized.outputs().stream().map(Value::name).toList();
    boolean byName = theirs.containsAll(mine);
    if (mine.isEmpty() || (!byName && mine.size() != theirs.size())) {
      throw new UnusableInputException(
          "The outputs of the two models do not correspond (%s and %s): give two models that do the same job."
              .formatted(mine, theirs));
    }
    String first = options.output().orElse(mine.getFirst());
    if (!mine.contains(first)) {
      throw new UnusableInputException(
          "The float model has no output '%s': choose one of %s.".formatted(first, mine));
    }
    Map<String, String> pairs = new LinkedHashMap<>();
    pairs.put(first, byName ? first : theirs.get(mine.indexOf(first)));
    for (int i = 0; i < mine.size(); i++) {
      pairs.putIfAbsent(mine.get(i), byName ? mine.get(i) : theirs.get(i));
    }
    return pairs;
  }

  private static <T> T of(Map<String, T> map, String name) {
    T value = map.get(name);
    if (value == null) {
      throw new IllegalStateException("the runner gave no output '" + name + "'");
    }
    return value;
  }
}
