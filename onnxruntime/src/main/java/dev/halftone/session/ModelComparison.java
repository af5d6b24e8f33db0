package dev.halftone.session;

import dev.halftone.Quantizer;
import dev.halftone.data.Dataset;
import dev.halftone.data.label.Labelling;
import dev.halftone.engine.Execution;
import dev.halftone.engine.Progress;
import dev.halftone.format.onnx.OnnxReader;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.judge.Gate;
import dev.halftone.judge.Tolerance;
import dev.halftone.judge.Verdict;
import dev.halftone.measure.OptimizedGraph;
import dev.halftone.measure.Verification;
import dev.halftone.onnxruntime.OrtRuntime;
import dev.halftone.report.RunSummary;
import dev.halftone.report.Thumbnails;
import dev.halftone.verify.Labels;
import dev.halftone.verify.LayerError;
import dev.halftone.verify.LayerErrors;
import dev.halftone.verify.Premises;
import dev.halftone.verify.VerifyOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A request to measure a quantized model beside the float model it came from, whoever quantized it.
///
/// Each method sets one thing and gives the request back; [#run] leaves it as it is.
public final class ModelComparison {

  /// As many samples measure, at most.
  private static final int TESTING = 2000;

  private static final int LAYER_SAMPLES = 4;

  private final Path floatModel;
  private final Path quantized;
  private final Samples data;
  private final List<Gate> gates = new ArrayList<>();
  private Task task = Task.BY_THE_MODEL;
  private int testing = TESTING;
  private int threads = Runtime.getRuntime().availableProcessors();
  private String command = "";

  ModelComparison(Path floatModel, Path quantized, Samples data) {
    this.floatModel = floatModel;
    this.quantized = quantized;
    this.data = data;
  }

  /// What the outputs are, where the model does not say it.
  public ModelComparison task(Task other) {
    task = other;
    return this;
  }

  /// A bar that the quantized model must clear; there may be several.
  public ModelComparison gate(Gate gate) {
    gates.add(gate);
    return this;
  }

  /// How many samples measure, at most; 2000 where nothing is said.
  public ModelComparison measureOn(int count) {
    testing = count;
    return this;
  }

  /// How many samples are in work at once; results do not depend on it.
  public ModelComparison threads(int count) {
    threads = count;
    return this;
  }

  /// The line that asked for this, for the report.
  public ModelComparison command(String line) {
    command = line;
    return this;
  }

  /// Measures.
  public ComparisonResult run() {
    return run(Progress.Stages.NONE);
  }

  /// Measures. Throws UnusableInputException where models or samples cannot be used.
  ///
  /// @param progress is told of each stage
  public ComparisonResult run(Progress.Stages progress) {
    progress.stage("Reading", 0);
    Model first = OnnxReader.read(floatModel);
    Model second = OnnxReader.read(quantized);
    SampleReader.Opened samples =
        new SampleReader(data, AskedRecipe.DEFAULT, floatModel, first).open(Labelling.Use.NEEDED);
    Dataset dataset = samples.data().spread(testing);
    VerifyOptions answers =
        task.answers(first, floatModel)
            .withThreads(threads)
            .withClassNames(samples.classes().names());
    Labels.requireClassesOf(first, answers, dataset);
    OrtRuntime runtime = new OrtRuntime();
    OptimizedGraph optimized = OptimizedGraph.of(runtime, second);
    Verdict figures =
        new Verification(runtime, answers, Tolerance.DEFAULT, progress)
            .judge(
                new Verification.Subject(floatModel),
                new Verification.Subject(quantized),
                dataset,
                samples.reopening(),
                layers(new Execution(runtime, 1, progress), first, second, dataset),
                List.of(optimized.sentence()));
    Verdict verdict =
        figures.with(
            new Premises(said(first, second), doubts(first, second))
                .plus(new Premises(samples.said(), List.of()))
                .plus(figures.premises()));
    List<String> missed =
        gates.stream()
            .flatMap(gate -> gate.missed(verdict.comparison().orElseThrow()).stream())
            .toList();
    RunSummary summary =
        new RunSummary(
            floatModel.getFileName() + " beside " + quantized.getFileName(),
            verdict,
            new RunSummary.Decided(List.of(), optimized.keptFloat(), List.of()),
            new RunSummary.Provenance(command, facts(samples, runtime)));
    return new ComparisonResult(missed, summary, new Thumbnails(dataset));
  }

  /// What the two models cannot be, given what is asked of them.
  private static List<String> doubts(Model first, Model second) {
    boolean isFirst = Quantizer.isQuantized(first);
    boolean isSecond = Quantizer.isQuantized(second);
    if (isFirst && !isSecond) {
      return List.of(
          "the first model is the quantized one and the second is float: give them the other way round");
    }
    return isFirst
        ? List.of("the first model is quantized itself, so what was lost against float is not seen")
        : List.of();
  }

  private static List<String> said(Model first, Model second) {
    return Quantizer.isQuantized(first) || Quantizer.isQuantized(second)
        ? List.of()
        : List.of("Neither model is quantized: two float models are compared.");
  }

  private static List<LayerError> layers(
      Execution execution, Model first, Model second, Dataset data) {
    List<String> tensors =
        first.graph().nodes().stream().map(Node::outputs).flatMap(List::stream).toList();
    return LayerErrors.measure(
        execution,
        first,
        Map.of(LayerErrors.QUANTIZED, second),
        tensors,
        data.spread(LAYER_SAMPLES));
  }

  private static Map<String, String> facts(SampleReader.Opened samples, OrtRuntime runtime) {
    Map<String, String> facts = new LinkedHashMap<>();
    samples.preprocessing().ifPresent(text -> facts.put("preprocessing", text));
    facts.putAll(Facts.of(samples.classes()));
    facts.putAll(Facts.made(runtime));
    return facts;
  }
}
