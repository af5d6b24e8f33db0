package dev.halftone.verify;

import dev.halftone.UnusableInputException;
import dev.halftone.data.Dataset;
import dev.halftone.data.Sample;
import dev.halftone.engine.Progress;
import dev.halftone.engine.Runner;
import dev.halftone.graph.Value;
import dev.halftone.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Runs the float and the quantized model side by side over a data set. The result does not depend on the number of threads, and
/// memory does not grow with the number of samples.
public final class Verifier {

  /// @param output the output whose answers are compared; the float model's first where empty
  /// @param kind what that output says; read from its type and shape where empty
  /// @param classNames by class number; may be empty
  /// @param threads samples in work at once
  /// @param maxFlips how many of the inputs whose answer changed are kept
  public record Options(
      Optional<String> output,
      Optional<OutputKind> kind,
      List<String> classNames,
      int threads,
      int maxFlips) {

    public static final Options DEFAULT =
        new Options(Optional.empty(), Optional.empty(), List.of(), 1, 64);

    public Options {
      classNames = List.copyOf(classNames);
      if (threads < 1 || maxFlips < 0) {
        throw new IllegalArgumentException(
            "threads >= 1 and maxFlips >= 0, not " + threads + " and " + maxFlips);
      }
    }

    public Options withClassNames(List<String> names) {
      return new Options(output, kind, names, threads, maxFlips);
    }

    public Options withThreads(int count) {
      return new Options(output, kind, classNames, count, maxFlips);
    }
  }

  private final Runner floatModel;
  private final Runner quantized;
  private final Options options;

  /// Names of the outputs, float to quantized, the compared one first.
  private final Map<String, String> outputs;

  private Verifier(Runner floatModel, Runner quantized, Options options) {
    this.floatModel = floatModel;
    this.quantized = quantized;
    this.options = options;
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
    Verifier verifier = new Verifier(floatModel, quantized, options);
    Tally tally = new Tally(options.maxFlips(), options.classNames());
    InOrder.run(
        data.size(),
        options.threads(),
        index -> verifier.both(index, data.sample(index)),
        pair -> {
          tally.add(pair);
          progress.step();
        });
    return tally.result(data.description(), List.copyOf(verifier.outputs.keySet()));
  }

  private SamplePair both(int index, Sample sample) {
    String output = outputs.keySet().iterator().next();
    Map<String, float[]> reference = new LinkedHashMap<>();
    List<Answers> answers = new ArrayList<>();
    floatModel.run(
        sample.inputs(),
        tensors -> {
          outputs.keySet().forEach(name -> reference.put(name, of(tensors, name).toFloats()));
          answers.add(Answers.of(of(tensors, output), options.kind()));
        });
    List<Sqnr> errors = new ArrayList<>();
    quantized.run(
        sample.inputs(),
        tensors -> {
          outputs.forEach(
              (name, twin) -> errors.add(error(sample, name, reference, of(tensors, twin))));
          answers.add(Answers.of(of(tensors, of(outputs, output)), options.kind()));
        });
    return SamplePair.of(index, sample, answers.getFirst(), answers.getLast(), errors);
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
