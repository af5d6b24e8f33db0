package dev.halftone.cli;

import dev.halftone.DeviceFormat;
import dev.halftone.data.picture.Preprocessing;
import dev.halftone.report.TextTable;
import dev.halftone.session.DeviceExport;
import dev.halftone.session.ExportResult;
import dev.halftone.session.Halftone;
import dev.halftone.session.OutputFiles;
import dev.halftone.session.RecipeSearch;
import dev.halftone.session.Samples;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "export",
    description = {
      "Makes a network of integers only for a phone or for a device without floats.",
      "",
      "Activations have 8 bits. With --recipe auto those that do damage in 8 bits have 16, as few as give the float model's answers; a recipe file says so by 'rules'.",
      "",
      "litert: a .tflite file for LiteRT (TensorFlow Lite), as phones have it: int8, or int16 where the recipe says so, from inputs to outputs, pictures NHWC, a scale for each channel of the weights. It is loaded back and measured in LiteRT. Reference kernels give the bits of Halftone's integer engine; the faster ones round a little differently.",
      "",
      "c: one C99 source and one header, without heap, stdio, libm and floats; weights are constants, activations lie in an arena that the caller gives. The header says what to feed, what comes out, and what flash and RAM it takes; a test vector is compiled in. The same bits come out as from Halftone's integer engine.",
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
      "  halftone export classifier.onnx --to litert -o classifier.tflite \\",
      "      --data pictures/",
      "  halftone export classifier.onnx --to litert -o classifier.tflite \\",
      "      --data pictures/ --io uint8 --max-flash 4MB",
      "  halftone export classifier.onnx --to c -o firmware/ --data pictures/",
      "  halftone export classifier.onnx --to c -o firmware/ --data pictures/ \\",
      "      --max-flash 512k --max-ram 96k",
      "  halftone export detector.onnx --to c -o firmware/ --data pictures/ \\",
      "      --recipe auto --save-recipe found.json",
      "",
      "With --max-flash or --max-ram, a network that takes more is not written, and the exit code is 4."
    })
final class ExportCommand implements Callable<Integer> {

  private static final int WIDTH = 100;

  @ParentCommand private RootCommand halftone;
  @Mixin private CommonOptions common;
  @Mixin private DataOptions samples;
  @Mixin private RecipeOption recipe;
  @Mixin private ExportOptions options;
  @Mixin private TimeOption time;

  @Parameters(paramLabel = "MODEL", description = "The float model, an .onnx file.")
  private Path model;

  @Option(
      names = "--to",
      paramLabel = "FORMAT",
      required = true,
      description = "What to write: litert or c.")
  private ExportFormat format;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "PATH",
      required = true,
      description = "For litert: the file to write. For c: the folder to write into.")
  private Path output;

  @Option(
      names = "--samples",
      paramLabel = "N",
      description =
          "How many samples calibrate. Default: as 'quantize' chooses from the same --data.")
  private Optional<Integer> calibrationSamples = Optional.empty();

  @Option(
      names = "--save-recipe",
      paramLabel = "FILE",
      description =
          "Write the recipe that was used, preprocessing included: what --recipe auto found, as a file for --recipe.")
  private Optional<Path> saveRecipe = Optional.empty();

  @Override
  public Integer call() {
    Samples data = samples.required("calibrate");
    samples.requirePositive("--samples", calibrationSamples.orElse(1));
    options.check(format);
    return switch (format) {
      case C ->
          run(Halftone.export(model, options.c(), data), result -> new CWords(output, result));
      case LITERT ->
          run(
              Halftone.export(model, options.litert(), data),
              result -> new LiteRtWords(output, result));
    };
  }

  private <N extends DeviceFormat.Network> int run(
      DeviceExport<N> request, Function<ExportResult<N>, ExportWords> words) {
    Duration atMost = time.time();
    recipe.set(request::recipe, request::recipe);
    if (recipe.isAuto()) {
      request.search(new RecipeSearch.Auto(atMost));
    }
    calibrationSamples.ifPresent(request::calibrateOn);
    options.limit(request);
    OutputFiles network = OutputFiles.model(output);
    OutputFiles named = saveRecipe.map(network::recipe).orElse(network);
    OutputFiles files = options.overwrite ? named.replacing() : named;
    try (ProgressLine progress = new ProgressLine(halftone.terminal(), common.quiet)) {
      ExportResult<N> result = request.threads(samples.threads).output(files).run(progress);
      progress.wipe();
      if (result.missed().isEmpty()) {
        result.write(files);
      }
      tell(result, words.apply(result));
      return result.missed().isEmpty() ? ExitCode.DONE : ExitCode.GATE_MISSED;
    }
  }

  private void tell(ExportResult<?> result, ExportWords words) {
    Terminal terminal = halftone.terminal();
    result
        .missed()
        .forEach(
            clause -> terminal.err().println("halftone: " + clause + "; nothing was written."));
    if (common.json) {
      terminal.out().println(Json.text(words.result()));
      return;
    }
    result.assumed().forEach(terminal.out()::println);
    if (!result.tried().isEmpty()) {
      terminal.out().println(tried(result) + "\n");
    }
    terminal.out().println(words.text());
    if (result.missed().isEmpty()) {
      terminal.out().println("Wrote " + words.files() + ".");
    }
  }

  private static String tried(ExportResult<?> result) {
    TextTable table = new TextTable("what was tried", "beside float", "");
    for (ExportResult.Attempt attempt : result.tried()) {
      table.row(
          attempt.recipe(),
          attempt.quality(),
          attempt.isChosen() ? "chosen" : attempt.isGood() ? "" : "not good enough");
    }
    return table.render(WIDTH) + String.join("\n", result.searchNotes());
  }
}
