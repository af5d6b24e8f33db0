package dev.halftone.cli;

import dev.halftone.data.picture.Preprocessing;
import dev.halftone.format.AtomicFile;
import dev.halftone.session.Calibration;
import dev.halftone.session.CalibrationResult;
import dev.halftone.session.Halftone;
import dev.halftone.wording.Figures;
import java.io.PrintWriter;
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
      "The statistics serve any number of quantizations with different bits and observers: 'halftone quantize --statistics FILE'; give --recipe as to 'quantize' where it is one for transformers or keeps nodes float, for then other tensors count. They are the same whatever the order of the samples and the number of threads.",
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

  @ParentCommand private RootCommand halftone;
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
    Calibration request = Halftone.calibrate(model, samples.required("calibrate"));
    samples.requirePositive("--samples", calibrationSamples.orElse(1));
    recipe.set(request::recipe, request::recipe);
    calibrationSamples.ifPresent(request::on);
    request.threads(samples.threads);
    AtomicFile.requireWritable(output, overwrite);
    try (ProgressLine progress = new ProgressLine(halftone.terminal(), common.quiet)) {
      CalibrationResult result = request.run(progress);
      if (overwrite) {
        result.replace(output);
      } else {
        result.write(output);
      }
      progress.wipe();
      tell(result);
      return ExitCode.DONE;
    }
  }

  private void tell(CalibrationResult result) {
    PrintWriter out = halftone.terminal().out();
    int tensors = result.tensors();
    if (common.json) {
      out.println(
          Json.text(
              new Result(
                  Json.SCHEMA_VERSION,
                  output.toString(),
                  result.count(),
                  tensors,
                  result.assumed())));
    } else {
      result.assumed().forEach(out::println);
      out.printf(
          "Observed %s on %s; wrote %s.%n",
          Figures.count(tensors, "tensor"), result.samples(), output);
    }
  }
}
