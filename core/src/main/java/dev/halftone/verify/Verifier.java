package dev.halftone.verify;

import dev.halftone.UnusableInputException;
import dev.halftone.data.Dataset;
import dev.halftone.data.Sample;
import dev.halftone.engine.InOrder;
import dev.halftone.engine.Progress;
import dev.halftone.engine.Runner;
import dev.halftone.graph.Value;
import dev.halftone.meaning.OutputMeaning;
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

  private final Runner floatModel;
  private final Runner quantized;
  private final VerifyOptions options;
  private final List<Paired> outputs;
  private final OutputReader reader;

  private Verifier(Runner floatModel, Runner quantized, VerifyOptions options, Dataset data) {
    this.floatModel = floatModel;
    this.quantized = quantized;
    this.options = options;
    this.outputs = OutputPairing.of(floatModel, quantized, options);
    this.reader = OutputReader.of(options, outputs.size(), data);
  }

  public static Comparison compare(
      Runner floatModel, Runner quantized, Dataset data, VerifyOptions options) {
    return compare(floatModel, quantized, data, options, Progress.NONE);
  }

  /// Throws UnusableInputException where the data set is empty, a label fits no class, or the two models' outputs do not correspond.
  ///
  /// @param progress steps once a sample
  public static Comparison compare(
      Runner floatModel, Runner quantized, Dataset data, VerifyOptions options, Progress progress) {
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
        data, verifier.outputs, verifier.reader.greatestLabel().isPresent(), verifier.notes());
  }

  /// What a reader must know of the outputs: those of the float model that the quantized one does not have.
  private List<String> notes() {
    List<String> compared = outputs.stream().map(Paired::name).toList();
    return floatModel.outputs().stream()
        .map(Value::name)
        .filter(name -> !compared.contains(name) && options.evidence().outputs().contains(name))
        .map("The quantized model has no output like '%s', which was left out."::formatted)
        .toList();
  }

  private SamplePair both(int index, Sample sample, Optional<String> truth) {
    Map<String, Tensor> kept = new TreeMap<>();
    List<OutputReading> readings = new ArrayList<>();
    floatModel.run(
        sample.inputs(),
        tensors -> {
          for (Paired output : outputs) {
            Tensor tensor = output.seen(of(tensors, output.name()), sample);
            OutputMeaning meaning = output.seen(reader.meaning(output.name(), tensor));
            readings.add(OutputReading.of(tensor, meaning));
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
            Paired output = outputs.get(i);
            Tensor tensor = output.seen(of(tensors, output.twin()), sample);
            pairs.add(side.pair(i, output, readings.get(i), tensor));
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
