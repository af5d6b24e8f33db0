package dev.halftone.cli;

import dev.halftone.Quantizer;
import dev.halftone.data.Dataset;
import dev.halftone.data.label.ClassList;
import dev.halftone.data.label.Labelling;
import dev.halftone.data.picture.Preprocessing;
import dev.halftone.engine.Execution;
import dev.halftone.format.AtomicFile;
import dev.halftone.format.onnx.OnnxReader;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.judge.Gate;
import dev.halftone.judge.Tolerance;
import dev.halftone.judge.Verdict;
import dev.halftone.onnxruntime.OptimizedGraph;
import dev.halftone.onnxruntime.OrtRuntime;
import dev.halftone.onnxruntime.Verification;
import dev.halftone.report.HtmlReport;
import dev.halftone.report.RunSummary;
import dev.halftone.report.TerminalReport;
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
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
    name = "compare",
    description = {
      "Measures a quantized model beside the float model it came from, whoever quantized it.",
      "",
      "Both run in ONNX Runtime on the same samples: top-1 and top-5 where there are labels, agreement, error of the outputs and of each tensor that both name alike, latency in turns, memory and size.",
      ""
    },
    optionListHeading = "%nOptions:%n",
    footer = {
      "",
      "The preprocessing text:",
      Preprocessing.HELP,
      "",
      "Examples:",
      "  halftone compare classifier.onnx classifier-int8.onnx --data test/",
      "  halftone compare classifier.onnx classifier-int8.onnx --data test/ \\",
      "      --fail-below top1=0.85,agreement=0.98",
      "  halftone compare a.onnx b.onnx --data test.npz --json",
      "  halftone compare reader.onnx reader-int8.onnx --data lines/ \\",
      "      --preprocess -1..1,order=bgr --fail-below agreement=0.95",
      "",
      "With --fail-below the exit code is 4 where a bar is missed: a build can rely on it."
    })
final class CompareCommand implements Callable<Integer> {

  private static final int LAYER_SAMPLES = 4;

  /// The result for programs.
  record Result(int schemaVersion, List<String> missed, RunSummary run) {}

  @Spec private CommandSpec spec;
  @ParentCommand private Halftone halftone;
  @Mixin private CommonOptions common;
  @Mixin private DataOptions samples;
  @Mixin private TaskOptions task;

  @Parameters(index = "0", paramLabel = "FLOAT", description = "The float model.")
  private Path floatModel;

  @Parameters(index = "1", paramLabel = "QUANTIZED", description = "The quantized model.")
  private Path quantized;

  @Option(
      names = "--fail-below",
      paramLabel = "BARS",
      split = ",",
      description =
          "Exit with code 4 if the quantized model is below: top1, top5, agreement (same answer as float), steps (of a sequence), characters (of a text, read right), all shares as in 0.98 or 98%%; sqnr (dB); cosine, worst-cosine; as in top1=0.85,sqnr=20.")
  private List<String> bars = List.of();

  @Option(
      names = "--test-samples",
      paramLabel = "N",
      defaultValue = "2000",
      description = "How many samples to use, at most, spread evenly. Default: ${DEFAULT-VALUE}.")
  private int testSamples;

  @Option(names = "--report", paramLabel = "FILE", description = "Write an HTML report.")
  private Optional<Path> report = Optional.empty();

  @Option(names = "--overwrite", description = "Replace the report if it is there already.")
  private boolean overwrite;

  @Override
  public Integer call() {
    Path data = samples.required("compare on");
    samples.requirePositive("--test-samples", testSamples);
    List<Gate> gates = gates();
    task.kind();
    report.ifPresent(file -> AtomicFile.requireWritable(file, overwrite));
    Terminal terminal = halftone.terminal();
    try (ProgressLine progress = new ProgressLine(terminal, common.quiet)) {
      progress.stage("Reading", 0);
      Model first = OnnxReader.read(floatModel);
      Model second = OnnxReader.read(quantized);
      Labelling labelling = samples.labelling(floatModel, first, data, true, Labelling.Use.NEEDED);
      Dataset dataset = samples.open(data, labelling, first).spread(testSamples);
      ClassList classes = QuantizeSamples.classNames(dataset, labelling.classes());
      VerifyOptions answers =
          task.answers(first).withThreads(samples.threads).withClassNames(classes.names());
      Labels.requireClassesOf(first, answers, dataset);
      OrtRuntime runtime = new OrtRuntime();
      OptimizedGraph optimized = OptimizedGraph.of(runtime, second);
      Verdict figures =
          new Verification(runtime, answers, Tolerance.DEFAULT, progress)
              .judge(
                  new Verification.Subject(floatModel),
                  new Verification.Subject(quantized),
                  dataset,
                  Optional.of(samples.reopening(data, labelling, first)),
                  layers(runtime, first, second, dataset, progress),
                  List.of(optimized.sentence()));
      Verdict verdict =
          figures.with(
              new Premises(said(first, second), doubts(first, second))
                  .plus(new Premises(samples.said(first, dataset), List.of()))
                  .plus(figures.premises()));
      List<String> missed = new ArrayList<>();
      gates.forEach(gate -> gate.missed(verdict.comparison().orElseThrow()).ifPresent(missed::add));
      RunSummary summary = summary(runtime, first, verdict, classes, optimized.keptFloat());
      report.ifPresent(file -> HtmlReport.write(summary, new Thumbnails(dataset), file, overwrite));
      progress.wipe();
      return tell(terminal, summary, missed);
    }
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

  private int tell(Terminal terminal, RunSummary summary, List<String> missed) {
    if (common.json) {
      terminal.out().println(Json.text(new Result(Json.SCHEMA_VERSION, missed, summary)));
    } else {
      terminal.out().print(TerminalReport.render(summary, terminal.colour()));
      report.ifPresent(file -> terminal.out().println("\nWrote " + file + "."));
    }
    if (missed.isEmpty()) {
      return ExitCode.DONE;
    }
    terminal.err().println("halftone: " + String.join(" and ", missed) + ".");
    return ExitCode.GATE_MISSED;
  }

  private static List<LayerError> layers(
      OrtRuntime runtime, Model first, Model second, Dataset data, ProgressLine progress) {
    List<String> tensors = new ArrayList<>();
    for (Node node : first.graph().nodes()) {
      tensors.addAll(node.outputs());
    }
    return LayerErrors.measure(
        new Execution(runtime, 1, progress),
        first,
        Map.of(LayerErrors.QUANTIZED, second),
        tensors,
        data.spread(LAYER_SAMPLES));
  }

  private RunSummary summary(
      OrtRuntime runtime,
      Model first,
      Verdict verdict,
      ClassList classes,
      List<RunSummary.KeptFloat> keptFloat) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("preprocessing", samples.preprocessing(first).toString());
    facts.putAll(Facts.of(classes));
    facts.putAll(Facts.made(runtime));
    return new RunSummary(
        floatModel.getFileName() + " beside " + quantized.getFileName(),
        verdict,
        List.of(),
        keptFloat,
        List.of(),
        new RunSummary.Provenance(Facts.command(spec), facts));
  }

  private List<Gate> gates() {
    try {
      return bars.stream().<Gate>map(Gate::parse).toList();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }
}
