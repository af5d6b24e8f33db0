package dev.halftone.cli;

import dev.halftone.UnusableInputException;
import dev.halftone.data.picture.Preprocessing;
import dev.halftone.recipe.Observer;
import dev.halftone.recipe.Recipe;
import dev.halftone.recipe.Rounding;
import dev.halftone.session.Halftone;
import dev.halftone.session.Measuring;
import dev.halftone.session.OutputFiles;
import dev.halftone.session.Quantization;
import dev.halftone.session.QuantizationPlan;
import dev.halftone.session.QuantizationResult;
import dev.halftone.session.RecipeSearch;
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
    name = "quantize",
    description = {
      "Makes a model of few-bit integers from a float ONNX model and measures what was lost and gained.",
      "",
      "Ranges are calibrated on up to 100 of the samples; the others, which calibration never saw, measure accuracy, agreement with the float model and error by layer. Labels are not needed to quantize; with labels, top-1 and top-5 (or the error rate of a text) are measured too. The new file must load in ONNX Runtime before it takes its place.",
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
      "  halftone quantize classifier.onnx -o classifier-int8.onnx --data pictures/",
      "  halftone quantize classifier.onnx -o classifier-int8.onnx \\",
      "      --data calibration/ --test-data test/ --max-drop 0.5pp \\",
      "      --report report.html",
      "  halftone quantize classifier.onnx -o classifier-int8.onnx --data pictures/ \\",
      "      --preprocess -1..1,resize=256,crop=224",
      "  halftone quantize classifier.onnx -o classifier-int4.onnx --data pictures/ \\",
      "      --recipe w4a8 --keep-float /head/fc --save-recipe doorbell.json",
      "  halftone quantize classifier.onnx -o classifier-int4.onnx --data pictures/ \\",
      "      --recipe doorbell.json",
      "  halftone quantize classifier.onnx -o classifier-small.onnx \\",
      "      --data pictures/ --max-size 3MB",
      "  halftone quantize classifier.onnx -o classifier-small.onnx \\",
      "      --data pictures/ --bits fewest --max-drop 1pp",
      "  halftone quantize reader.onnx -o reader-int8.onnx --data lines/ \\",
      "      --recipe auto --max-minutes 5 --save-recipe found.json",
      "  halftone quantize embedder.onnx -o embedder-int8.onnx \\",
      "      --data sentences.txt --tokenizer tokenizer.json",
      "  halftone quantize embedder.onnx -o embedder-int8.onnx",
      "  halftone quantize classifier.onnx --data pictures/ --dry-run",
      "",
      "With --max-drop, a model that loses more is not written, and the exit code is 4: a build can rely on it."
    })
final class QuantizeCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @ParentCommand private RootCommand halftone;
  @Mixin private CommonOptions common;
  @Mixin private DataOptions samples;
  @Mixin private RecipeOption recipe;
  @Mixin private TaskOptions task;
  @Mixin private MeasureOptions measure;
  @Mixin private FileOptions files;
  @Mixin private TimeOption time;

  @Parameters(paramLabel = "MODEL", description = "The float model, an .onnx file.")
  private Path model;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "OUT",
      description = "The file to write.")
  private Optional<Path> output = Optional.empty();

  @Option(
      names = "--samples",
      paramLabel = "N",
      description =
          "How many samples calibrate. Default: 100 spread evenly over --data, or half of them if there are fewer than 200, or all if there are no more than 100.")
  private Optional<Integer> calibrationSamples = Optional.empty();

  @Option(
      names = "--statistics",
      paramLabel = "FILE",
      description = "What 'halftone calibrate' observed: no calibration then.")
  private Optional<Path> statistics = Optional.empty();

  @Option(
      names = "--from-plan",
      paramLabel = "FILE",
      description =
          "Quantize by the plan that --plan wrote for this model and recipe, changed by hand perhaps: no range is chosen anew.")
  private Optional<Path> fromPlan = Optional.empty();

  @Option(
      names = "--observer",
      paramLabel = "NAME",
      description =
          "How the range of an activation is chosen: minmax, moving-average, percentile[:99.99], entropy, mse, or output: of these, tensor by tensor, the one with the least error of the model's output, where samples tell it from mse (slow). Default: the recipe's (mse).")
  private Optional<String> observer = Optional.empty();

  @Option(
      names = "--rounding",
      paramLabel = "NAME",
      description =
          "How the integers of weights are chosen: nearest; least-squares, which takes longer (half a minute for 5 million weights) and loses less; or codebook, the same for 2 to 5 bits with integers that are denser where weights are. Default: the recipe's (codebook below 8 bits).")
  private Optional<String> rounding = Optional.empty();

  @Option(
      names = "--keep-float",
      paramLabel = "PATTERN",
      description =
          "Nodes of this name stay float, beside those of the recipe; * stands for anything. May be given several times.")
  private List<String> keepFloat = List.of();

  @Option(
      names = "--bits",
      paramLabel = "BITS",
      description =
          "Mixed precision: give each layer the weight bits, 2 to 8, that buy most, so that a weight takes this many on average, as in 5 or 4.2, or 'fewest': as few as --max-drop accepts, or as leave nearly all answers the same, judged on half of the samples that calibrate. What each layer costs is measured first.")
  private Optional<String> bits = Optional.empty();

  @Option(
      names = "--max-size",
      paramLabel = "SIZE",
      description =
          "Mixed precision: as --bits, with as many bits as a file of this size allows, as in 4MB, 900kB or 2.5MiB.")
  private Optional<String> maxSize = Optional.empty();

  @Option(
      names = "--no-bias-correction",
      description = "Do not make up for the mean error of each layer.")
  private boolean noBiasCorrection;

  @Option(
      names = "--save-recipe",
      paramLabel = "FILE",
      description =
          "Write recipe and preprocessing as they were used, options included, for --recipe.")
  private Optional<Path> saveRecipe = Optional.empty();

  @Option(
      names = "--dry-run",
      description =
          "Print the plan (as --plan writes it with --json), and write nothing but --plan and --save-recipe.")
  private boolean dryRun;

  @Option(
      names = "--no-verify",
      description = "Do not measure: write the model as soon as it loads.")
  private boolean noVerify;

  @Option(
      names = "--explain",
      description =
          "Find what makes the error of the output: the layers and tensors with the greatest share of it, the cause in words, and what a remedy gives, each tried by quantizing again. Takes minutes.")
  private boolean explain;

  @Override
  public Integer call() {
    if (output.isEmpty() && !dryRun) {
      throw usage("name the file to write with -o OUT (or only look, with --dry-run)");
    }
    if (measure.maxDrop.isPresent()
        && (noVerify || (samples.data.isEmpty() && measure.testData.isEmpty()))) {
      throw usage("--max-drop has to measure: give samples, and leave --no-verify out");
    }
    if (bits.isPresent() && maxSize.isPresent()) {
      throw usage(
          "give --bits or --max-size, not both: each says how many bits there are to spend");
    }
    if ((bits.isPresent() || maxSize.isPresent()) && samples.data.isEmpty()) {
      throw usage(
          "--bits and --max-size measure what each layer costs: give samples with --data DATA");
    }
    if (explain && (noVerify || dryRun || fromPlan.isPresent())) {
      throw usage(
          "--explain measures and quantizes again: leave --no-verify, --dry-run and --from-plan out");
    }
    if (recipe.isAuto() && samples.data.isEmpty()) {
      throw usage("--recipe auto judges on samples: give them with --data DATA");
    }
    if (recipe.isAuto() && (bits.isPresent() || maxSize.isPresent())) {
      throw usage(
          "give --recipe auto or a budget (--bits, --max-size), not both: each decides by itself");
    }
    if (fromPlan.isPresent() && (recipe.isAuto() || bits.isPresent() || maxSize.isPresent())) {
      throw usage(
          "give --from-plan or what decides anew (--recipe auto, --bits, --max-size), not both");
    }
    samples.requirePositive("--samples", calibrationSamples.orElse(1));
    samples.requirePositive("--test-samples", measure.testSamples);
    time.time();
    Quantization request = request();
    if (request.lacksSamples()) {
      throw usage(
          "give samples to calibrate with --data DATA: a hundred or so typical inputs (or take a recipe that needs none: w8a32, whose weights alone are integers, or rows, whose products find a scale for each row)");
    }
    Terminal terminal = halftone.terminal();
    OutputFiles outputs = outputs();
    try (ProgressLine progress = new ProgressLine(terminal, common.quiet)) {
      if (dryRun) {
        QuantizationPlan plan = request.plan(progress);
        plan.write(outputs);
        progress.wipe();
        return new QuantizeWords(terminal, common.json).tell(plan, outputs.decisions());
      }
      QuantizationResult result = request.run(progress);
      result.write(outputs);
      progress.wipe();
      return new QuantizeWords(terminal, common.json).tell(result, outputs);
    }
  }

  private OutputFiles outputs() {
    OutputFiles model = output.map(OutputFiles::model).orElse(OutputFiles.NONE);
    return files.with(saveRecipe.map(model::recipe).orElse(model));
  }

  private Quantization request() {
    Quantization request = Halftone.quantize(model).task(task.task()).output(outputs());
    recipe.set(request::recipe, request::recipe);
    search().ifPresent(request::search);
    request.adjust(this::over);
    measure.set(request, samples);
    calibrationSamples.ifPresent(request::calibrateOn);
    statistics.ifPresent(request::statistics);
    fromPlan.ifPresent(request::plan);
    request.measure(noVerify ? Measuring.SIZE : explain ? Measuring.CAUSES : Measuring.VERDICT);
    return request.command(Typed.command(spec));
  }

  private Optional<RecipeSearch> search() {
    if (recipe.isAuto()) {
      return Optional.of(new RecipeSearch.Auto(time.time()));
    }
    if (bits.filter("fewest"::equalsIgnoreCase).isPresent()) {
      return Optional.of(new RecipeSearch.FewestBits(time.time()));
    }
    return parsed(
        "",
        () ->
            bits.<RecipeSearch>map(QuantizeCommand::averageBits)
                .or(() ->
                    maxSize.map(
                        text -> new RecipeSearch.FileSize(ByteSize.parse("--max-size", text)))));
  }

  private static RecipeSearch averageBits(String text) {
    try {
      return new RecipeSearch.AverageBits(Double.parseDouble(text));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "--bits is 2 to 8 bits a weight or 'fewest', not " + text, e);
    }
  }

  /// The recipe with what the command line says instead.
  private Recipe over(Recipe asked) {
    Recipe kept = asked.keepingFloat(keepFloat);
    Recipe observed =
        parsed("--", () -> observer.map(Observer::parse)).map(kept::withObserver).orElse(kept);
    Recipe rounded =
        parsed("--", () -> rounding.map(Rounding::parse))
            .map(observed::withRounding)
            .orElse(observed);
    return noBiasCorrection ? rounded.withoutBiasCorrection() : rounded;
  }

  /// What an option's text says.
  ///
  /// @param prefix makes the option's name of what the message begins with
  private <T> T parsed(String prefix, java.util.function.Supplier<T> option) {
    try {
      return option.get();
    } catch (UnusableInputException | IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), prefix + e.getMessage(), e);
    }
  }

  private ParameterException usage(String sentence) {
    return new ParameterException(spec.commandLine(), sentence);
  }
}
