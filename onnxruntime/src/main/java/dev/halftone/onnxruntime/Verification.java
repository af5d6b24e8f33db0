package dev.halftone.onnxruntime;

import dev.halftone.data.Dataset;
import dev.halftone.data.Preprocessing;
import dev.halftone.engine.Progress;
import dev.halftone.engine.Runner;
import dev.halftone.engine.Runtime.Options;
import dev.halftone.format.onnx.OnnxReader;
import dev.halftone.tensor.Tensor;
import dev.halftone.verify.Comparison;
import dev.halftone.verify.Latency;
import dev.halftone.verify.LayerError;
import dev.halftone.verify.PreprocessingCheck;
import dev.halftone.verify.Speed;
import dev.halftone.verify.Tolerance;
import dev.halftone.verify.Verdict;
import dev.halftone.verify.Verifier;
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
    OrtRuntime runtime, Verifier.Options answers, Tolerance tolerance, Progress.Stages stages) {

  private static final long SEED = 1;
  private static final int RUNS_FOR_MEMORY = 3;
  private static final int SAMPLES_FOR_ADVICE = 64;

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
    return new Verdict(
        floatModel.onDisk(),
        quantized.onDisk(),
        Optional.empty(),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        tolerance,
        notes);
  }

  /// The same samples under another preprocessing, to find out why a float model does badly.
  ///
  /// @param given the preprocessing that the samples have now
  public record Reopening(Preprocessing given, Function<Preprocessing, Dataset> open) {}

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
      Progress comparing = stages.stage("Comparing answers", data.size());
      Comparison comparison = Verifier.compare(first, second, data, answers, comparing);
      List<String> allNotes = new ArrayList<>(notes);
      advice(first, comparison, reopening).ifPresent(sentence -> allNotes.addFirst(note(sentence)));
      Map<String, Tensor> input = data.sample(0).inputs();
      stages.stage("Timing", 0);
      List<Latency> latencies =
          Latency.measure(
              List.of(
                  new Latency.Subject(floatModel.name(), first, input),
                  new Latency.Subject(quantized.name(), second, input)),
              Latency.Budget.SHORT,
              SEED);
      return new Verdict(
          floatModel.onDisk(),
          quantized.onDisk(),
          Optional.of(comparison),
          layers,
          Optional.of(
              new Speed(
                  latencies.getFirst(),
                  latencies.getLast(),
                  runtime.name() + ", 1 thread, batch 1, models in turns")),
          memory(floatModel.file(), quantized.file(), input),
          tolerance,
          allNotes);
    }
  }

  private Optional<String> advice(
      Runner floatModel, Comparison comparison, Optional<Reopening> reopening) {
    Optional<String> advice =
        comparison
            .top1()
            .flatMap(top1 -> PreprocessingCheck.advise(top1.floatModel(), comparison.classes()));
    if (advice.isEmpty() || reopening.isEmpty()) {
      return advice;
    }
    stages.stage("Trying other preprocessing", 0);
    Reopening other = reopening.get();
    return PreprocessingCheck.tryOthers(floatModel, other.given(), other.open(), SAMPLES_FOR_ADVICE)
        .or(() -> advice);
  }

  /// As a sentence of its own.
  private static String note(String clause) {
    return "Warning: " + clause + (clause.endsWith("?") ? "" : ".");
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
