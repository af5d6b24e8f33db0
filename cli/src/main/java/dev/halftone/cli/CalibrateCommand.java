package dev.halftone.cli;

import dev.halftone.Quantizer;
import dev.halftone.calibrate.Statistics;
import dev.halftone.calibrate.StatisticsFile;
import dev.halftone.data.Dataset;
import dev.halftone.data.Split;
import dev.halftone.data.label.Labelling;
import dev.halftone.data.picture.Preprocessing;
import dev.halftone.format.AtomicFile;
import dev.halftone.format.onnx.OnnxReader;
import dev.halftone.graph.Model;
import dev.halftone.onnxruntime.OrtRuntime;
import dev.halftone.recipe.RecipeFile;
import dev.halftone.wording.Figures;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "calibrate",
    description = {
      "Observes the activations of a float model once, and saves what was seen.",
      "",
      "The statistics serve any number of quantizations with different bits and observers: 'halftone quantize --statistics FILE'; give --recipe where it keeps nodes float, for then other tensors count. They are the same whatever the order of the samples and the number of threads.",
      ""
    },
    optionListHeading = "%nOptions:%n",
    footer = {
      "",
      "The preprocessing text:",
      Preprocessing.HELP,
      "",
      "A recipe file:",
      RecipeOption.HELP,
      "",
      "Examples:",
      "  halftone calibrate classifier.onnx --data pictures/ -o statistics.json",
      "  halftone quantize classifier.onnx -o int8.onnx --data pictures/ \\",
      "      --statistics statistics.json --observer entropy"
    })
final class CalibrateCommand implements Callable<Integer> {

  /// The result for programs.
  record Result(
      int schemaVersion, String output, long samples, int tensors, List<String> assumed) {}

  @ParentCommand private Halftone halftone;
  @Mixin private CommonOptions common;
  @Mixin private DataOptions samples;
  @Mixin private RecipeOption recipe;

  @Parameters(paramLabel = "MODEL", description = "The float model, an .onnx file.")
  private Path model;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      required = true,
      description = "The file to write.")
  private Path output;

  @Option(
      names = "--samples",
      paramLabel = "N",
      description =
          "How many samples calibrate. Default: as 'quantize' chooses from the same --data.")
  private Optional<Integer> calibrationSamples = Optional.empty();

  @Option(names = "--overwrite", description = "Replace the file if it is there already.")
  private boolean overwrite;

  @Override
  public Integer call() {
    Path data = samples.required("calibrate");
    samples.requirePositive("--samples", calibrationSamples.orElse(1));
    RecipeFile asked = recipe.read();
    samples.ofRecipe = asked.preprocessing();
    AtomicFile.requireWritable(output, overwrite);
    Terminal terminal = halftone.terminal();
    try (ProgressLine progress = new ProgressLine(terminal, common.quiet)) {
      progress.stage("Reading", 0);
      Model read = OnnxReader.read(model);
      Dataset all =
          samples.open(
              data, samples.labelling(model, read, data, true, Labelling.Use.WELCOME), read);
      Dataset calibration = Split.of(all, calibrationSamples).calibration();
      progress.stage("Preparing", 0);
      Quantizer quantizer =
          new Quantizer(new OrtRuntime(), asked.recipe(), samples.threads, progress);
      Statistics statistics =
          quantizer.calibrate(quantizer.prepare(read), calibration).statistics();
      Optional<String> preprocessing =
          samples.isPreprocessed(all)
              ? Optional.of(samples.preprocessing(read).toString())
              : Optional.empty();
      StatisticsFile.write(new StatisticsFile.Saved(statistics, preprocessing), output, overwrite);
      progress.wipe();
      int tensors = statistics.tensors().size();
      List<String> assumed = samples.said(read, all);
      if (common.json) {
        terminal
            .out()
            .println(
                Json.text(
                    new Result(
                        Json.SCHEMA_VERSION,
                        output.toString(),
                        statistics.samples(),
                        tensors,
                        assumed)));
      } else {
        assumed.forEach(terminal.out()::println);
        terminal
            .out()
            .printf(
                "Observed %s on %s; wrote %s.%n",
                Figures.count(tensors, "tensor"), calibration.description(), output);
      }
      return ExitCode.DONE;
    }
  }
}
