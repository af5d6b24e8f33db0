package dev.halftone.measure;

import dev.halftone.data.Dataset;
import dev.halftone.data.Sample;
import dev.halftone.data.picture.Preprocessing;
import dev.halftone.engine.Backend.Options;
import dev.halftone.engine.Progress;
import dev.halftone.engine.Runner;
import dev.halftone.format.onnx.OnnxReader;
import dev.halftone.judge.Tolerance;
import dev.halftone.judge.Verdict;
import dev.halftone.onnxruntime.OrtRuntime;
import dev.halftone.tensor.Tensor;
import dev.halftone.verify.AnswerReader;
import dev.halftone.verify.Assumptions;
import dev.halftone.verify.BatchInvariance;
import dev.halftone.verify.Comparison;
import dev.halftone.verify.LayerError;
import dev.halftone.verify.Premises;
import dev.halftone.verify.PreprocessingCheck;
import dev.halftone.verify.SampleWatch;
import dev.halftone.verify.Speed;
import dev.halftone.verify.TaskFigures;
import dev.halftone.verify.Verifier;
import dev.halftone.verify.VerifyOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Judges a quantized model by its file, beside the file of the float model, in ONNX Runtime: answers, latency in turns, memory, size.
///
/// @param answers how answers are compared, and how many samples are in work at once then; latency is that of one thread
/// @param stages is told of progress
public record Verification(
    OrtRuntime runtime, VerifyOptions answers, Tolerance tolerance, Progress.Stages stages) {

  private static final int RUNS_FOR_MEMORY = 3;

  /// A model as a reader knows it, and where it lies now.
  ///
  /// @param name as in `classifier-int8.onnx`
  public record Subject(String name, Path file) {

    public Subject(Path file) {
      this(String.valueOf(file.getFileName()), file);
    }

    public Verdict.ModelFile onDisk() {
      return new Verdict.ModelFile(name, OnnxReader.bytesOnDisk(file));
    }
  }

  /// What can be said without any data: sizes.
  public Verdict withoutData(Subject floatModel, Subject quantized, List<String> notes) {
    return Verdict.of(floatModel.onDisk(), quantized.onDisk(), tolerance, notes);
  }

  /// The same samples under another preprocessing, to find out why a float model does badly.
  ///
  /// @param given the preprocessing that the samples have now
  /// @param defaults the one that the model has where nothing is said
  public record Reopening(
      Preprocessing given, Preprocessing defaults, Function<Preprocessing, Dataset> open) {}

  /// @param reopening how to look for a mistake in the preprocessing; empty where the samples have none
  /// @param layers errors by layer, if they were measured
  /// @param notes sentences that the verdict carries
  public Verdict judge(
      Subject floatModel,
      Subject quantized,
      Dataset data,
      Optional<Reopening> reopening,
      List<LayerError> layers,
      List<String> notes) {
    try (Runner first = runtime.open(floatModel.file(), Options.SERVING);
        Runner second = runtime.open(quantized.file(), Options.SERVING)) {
      SampleWatch watch = new SampleWatch(data);
      Comparison comparison =
          BatchInvariance.measured(
              compare(floatModel.file(), quantized.file(), watch.over(first), second, watch),
              first,
              second,
              data,
              answers,
              stages);
      Optional<String> better = reopening.flatMap(other -> better(first, comparison, other));
      List<String> allNotes = new ArrayList<>(notes);
      if (better.isEmpty()) {
        advice(comparison).ifPresent(sentence -> allNotes.addFirst("Warning: " + sentence + "."));
      }
      Timing timing =
          new Timing(
              new Timing.Timed(floatModel.name(), first),
              new Timing.Timed(quantized.name(), second),
              answers.texts());
      stages.stage("Timing", 0);
      Sample sample = timing.usual(data);
      Speed speed = timing.of(sample, runtime.name());
      return Verdict.of(floatModel.onDisk(), quantized.onDisk(), tolerance, allNotes)
          .measured(
              Optional.of(comparison),
              layers,
              Optional.of(speed),
              memory(floatModel.file(), quantized.file(), sample.inputs()))
          .with(
              new Premises(Assumptions.of(comparison), better.stream().toList())
                  .plus(watch.premises()));
    }
  }

  /// Networks that end in a selection are run with what goes into it among their outputs.
  private Comparison compare(
      Path floatModel, Path quantized, Runner first, Runner second, SampleWatch watch) {
    Progress comparing = stages.stage("Comparing answers", watch.data().size());
    if (!answers.watches()) {
      return Verifier.compare(first, second, watch.data(), answers, comparing);
    }
    try (Runner one = runtime.open(answers.watched(OnnxReader.read(floatModel)), Options.SERVING);
        Runner two = runtime.open(answers.watched(OnnxReader.read(quantized)), Options.SERVING)) {
      return Verifier.compare(watch.over(one), two, watch.data(), answers, comparing);
    }
  }

  private static Optional<String> advice(Comparison comparison) {
    return comparison
        .top1()
        .flatMap(top1 -> PreprocessingCheck.advise(top1.floatModel(), comparison.classes()));
  }

  /// What the float model itself does better with, where labels or texts can tell and it is not right nearly always.
  private Optional<String> better(Runner floatModel, Comparison comparison, Reopening other) {
    boolean isText = comparison.task().text().flatMap(TaskFigures.Text::errors).isPresent();
    boolean leavesRoom =
        comparison
            .top1()
            .map(top1 -> PreprocessingCheck.leavesRoom(top1.floatModel()))
            .orElse(isText);
    if (!leavesRoom) {
      return Optional.empty();
    }
    stages.stage("Trying other preprocessing", 0);
    return PreprocessingCheck.tryOthers(
        new PreprocessingCheck.Search(
            floatModel,
            new AnswerReader(comparison.output(), isText ? answers.alphabet() : Optional.empty()),
            other.given(),
            other.defaults(),
            other.open(),
            answers.threads()));
  }

  private Optional<Verdict.Memory> memory(
      Path floatModel, Path quantized, Map<String, Tensor> input) {
    Progress progress = stages.stage("Weighing memory", 2);
    Optional<MemoryUse> first =
        MemoryUse.measure(floatModel, input, RUNS_FOR_MEMORY, Options.SERVING);
    progress.step();
    return first.flatMap(one ->
        MemoryUse.measure(quantized, input, RUNS_FOR_MEMORY, Options.SERVING)
            .map(two -> new Verdict.Memory(one.bytes(), two.bytes())));
  }
}
