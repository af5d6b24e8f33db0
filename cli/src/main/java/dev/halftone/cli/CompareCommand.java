package dev.halftone.cli;

import dev.halftone.data.picture.Preprocessing;
import dev.halftone.format.AtomicFile;
import dev.halftone.judge.Gate;
import dev.halftone.report.RunSummary;
import dev.halftone.report.TerminalReport;
import dev.halftone.session.ComparisonResult;
import dev.halftone.session.Halftone;
import dev.halftone.session.ModelComparison;
import java.nio.file.Path;
import java.util.List;
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
      "A file of texts:",
      DataOptions.TEXTS,
      "",
      "Examples:",
      "  halftone compare classifier.onnx classifier-int8.onnx --data test/",
      "  halftone compare classifier.onnx classifier-int8.onnx --data test/ \\",
      "      --fail-below top1=0.85,agreement=0.98",
      "  halftone compare a.onnx b.onnx --data test.npz --json",
      "  halftone compare reader.onnx reader-int8.onnx --data lines/ \\",
      "      --preprocess -1..1,order=bgr --fail-below agreement=0.95",
      "  halftone compare embedder.onnx embedder-int8.onnx --data pairs.csv",
      "",
      "With --fail-below the exit code is 4 where a bar is missed: a build can rely on it."
    })
final class CompareCommand implements Callable<Integer> {

  /// The result for programs.
  record Result(int schemaVersion, List<String> missed, RunSummary run) {}

  @Spec private CommandSpec spec;
  @ParentCommand private RootCommand halftone;
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
          "Exit with code 4 if the quantized model is below: top1, top5, agreement (same answer as float), steps (of a sequence), characters (of a text, read right), all shares as in 0.98 or 98%%; sqnr (dB); cosine, worst-cosine; top10 (share of the nearest neighbours); batch (worst cosine of a text alone to itself in a batch); as in top1=0.85,sqnr=20.")
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
    ModelComparison request =
        Halftone.compare(floatModel, quantized, samples.required("compare on"));
    samples.requirePositive("--test-samples", testSamples);
    gates().forEach(request::gate);
    request.task(task.task()).measureOn(testSamples).threads(samples.threads);
    request.command(Typed.command(spec));
    report.ifPresent(file -> AtomicFile.requireWritable(file, overwrite));
    try (ProgressLine progress = new ProgressLine(halftone.terminal(), common.quiet)) {
      ComparisonResult result = request.run(progress);
      report.ifPresent(overwrite ? result::replaceReport : result::report);
      progress.wipe();
      return tell(halftone.terminal(), result.summary(), result.missed());
    }
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

  private List<Gate> gates() {
    try {
      return bars.stream().<Gate>map(Gate::parse).toList();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }
}
