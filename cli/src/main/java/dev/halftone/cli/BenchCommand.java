package dev.halftone.cli;

import dev.halftone.report.TextTable;
import dev.halftone.session.Benchmark;
import dev.halftone.session.Benchmarking;
import dev.halftone.session.Halftone;
import dev.halftone.verify.Latency;
import dev.halftone.wording.Figures;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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
    name = "bench",
    description = {
      "Measures latency, load time, memory and size of models side by side, in ONNX Runtime on this machine.",
      "",
      "Runs take turns between the models, so that a slow minute slows all of them. Inputs are random: answers are not looked at.",
      ""
    },
    optionListHeading = "%nOptions:%n",
    footer = {
      "",
      "Examples:",
      "  halftone bench classifier.onnx classifier-int8.onnx",
      "  halftone bench detector.onnx detector-int8.onnx --shape images=1x3x640x640 \\",
      "      --threads 4"
    })
final class BenchCommand implements Callable<Integer> {

  private static final int WIDTH = 100;

  /// The result for programs.
  record Result(int schemaVersion, String conditions, List<Benchmark> models) {}

  @Spec private CommandSpec spec;
  @ParentCommand private RootCommand halftone;
  @Mixin private CommonOptions common;
  @Mixin private ShapeOptions shapes;

  @Parameters(arity = "1..*", paramLabel = "MODEL", description = "Models, .onnx files.")
  private List<Path> models = List.of();

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "3",
      description = "How long to time. Default: ${DEFAULT-VALUE}.")
  private int seconds;

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "1",
      description = "Threads of one run. Default: ${DEFAULT-VALUE}.")
  private int threads;

  @Override
  public Integer call() {
    if (threads < 1 || seconds < 1) {
      throw new ParameterException(spec.commandLine(), "--threads and --seconds are 1 or more");
    }
    Benchmarking request = Halftone.bench(models);
    shapes.byInput().forEach(request::shape);
    request.threads(threads).time(Duration.ofSeconds(seconds));
    Terminal terminal = halftone.terminal();
    try (ProgressLine progress = new ProgressLine(terminal, common.quiet)) {
      List<Benchmark> results = request.run(progress);
      progress.wipe();
      if (common.json) {
        terminal
            .out()
            .println(Json.text(new Result(Json.SCHEMA_VERSION, request.conditions(), results)));
      } else {
        terminal.out().print(table(results));
        terminal
            .out()
            .println(
                "\nLatency: median, in brackets 10th to 90th percentile; %s."
                    .formatted(request.conditions()));
      }
      return ExitCode.DONE;
    }
  }

  private static String table(List<Benchmark> results) {
    TextTable table = new TextTable("model", "latency", "", "time", "load", "memory", "size");
    for (Benchmark result : results) {
      Latency latency = result.latency();
      table.row(
          result.file(),
          Figures.millis(latency.medianMillis()),
          "[%s, %s]"
              .formatted(Figures.millis(latency.p10Millis()), Figures.millis(latency.p90Millis())),
          Figures.text("%.2fx", latency.ratioToFirst()),
          Figures.millis(result.loadMillis()),
          result.memoryBytes().map(Figures::bytes).orElse("-"),
          Figures.bytes(result.bytes()));
    }
    return table.render(WIDTH);
  }
}
