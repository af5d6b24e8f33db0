package dev.halftone.cli;

import dev.halftone.data.picture.Preprocessing;
import dev.halftone.finetune.Finetuner;
import dev.halftone.finetune.Finetuning;
import dev.halftone.session.Halftone;
import dev.halftone.session.OutputFiles;
import dev.halftone.session.Quantization;
import dev.halftone.session.QuantizationResult;
import java.nio.file.Path;
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
    name = "finetune",
    description = {
      "Quantizes as 'halftone quantize' does, then trains the few-bit model until it answers as the float model does.",
      "",
      "Training needs typical inputs, and no labels: the float model is the teacher. Some hundred inputs will do; a thousand are better. Where the bits are many (8-bit activations, 6-bit weights and more) there is little to win; it is for what 'quantize' loses at 4 bits and below. A fifth of the samples judges: what is written is the best that was found on these, and never worse there than what 'quantize' gives.",
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
      "  halftone finetune classifier.onnx -o classifier-w4a4.onnx --data pictures/ \\",
      "      --recipe w4a4",
      "  halftone finetune classifier.onnx -o classifier-w3a8.onnx --data training/ \\",
      "      --test-data test/ --recipe w3a8.json --max-minutes 20 \\",
      "      --checkpoint training.bin",
      "",
      "The same seed and --epochs give the same file, as long as --max-minutes does not cut them short; the report says when it did."
    })
final class FinetuneCommand implements Callable<Integer> {

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
      required = true,
      description = "The file to write.")
  private Path output;

  @Option(
      names = "--samples",
      paramLabel = "N",
      description =
          "How many samples to learn from. Default: all of --data, or three quarters where --test-data is not given.")
  private Optional<Integer> trainingSamples = Optional.empty();

  @Option(
      names = "--epochs",
      paramLabel = "N",
      description = "Passes over the samples, at most. Default: ${DEFAULT-VALUE}.")
  private int epochs = Finetuning.DEFAULT.budget().epochs();

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "Of the order of samples and of how pictures are changed. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--no-augment",
      description =
          "Do not mirror, move, turn and resize pictures or change their contrast. Without labels the float model says what is right, so this hardly ever does harm.")
  private boolean noAugment;

  @Option(
      names = "--learn-labels",
      paramLabel = "SHARE",
      defaultValue = "0",
      description =
          "How much the labels count beside the float model's answers, 0 to 1. Default: ${DEFAULT-VALUE}.")
  private double learnLabels;

  @Option(
      names = "--checkpoint",
      paramLabel = "FILE",
      description =
          "Written after each epoch; where it is there, the training goes on from it. Delete it to begin anew.")
  private Optional<Path> checkpoint = Optional.empty();

  @Override
  public Integer call() {
    samples.required("learn from");
    samples.requirePositive("--samples", trainingSamples.orElse(1));
    samples.requirePositive("--test-samples", measure.testSamples);
    samples.requirePositive("--epochs", epochs);
    time.time();
    if (!(learnLabels >= 0 && learnLabels <= 1)) {
      throw usage("--learn-labels is 0 (the float model alone) to 1 (the labels alone)");
    }
    if (recipe.isAuto()) {
      throw usage(
          "--recipe auto chooses among ways to quantize; give finetune a recipe, as in --recipe w4a4");
    }
    OutputFiles outputs = files.with(OutputFiles.model(output));
    Quantization request = Halftone.quantize(model).task(task.task()).output(outputs);
    recipe.set(request::recipe, request::recipe);
    measure.set(request, samples);
    trainingSamples.ifPresent(request::calibrateOn);
    request.improve(Finetuner.by(training())).command(Typed.command(spec));
    Terminal terminal = halftone.terminal();
    try (ProgressLine progress = new ProgressLine(terminal, common.quiet)) {
      QuantizationResult result = request.run(progress);
      result.write(outputs);
      progress.wipe();
      return new QuantizeWords(terminal, common.json).tell(result, outputs);
    }
  }

  private Finetuning training() {
    Finetuning asked =
        Finetuning.DEFAULT
            .withEpochs(epochs)
            .withAtMost(time.time())
            .withSeed(seed)
            .withLabels(learnLabels)
            .withCheckpoint(checkpoint);
    return noAugment ? asked.withoutAugment() : asked;
  }

  private ParameterException usage(String sentence) {
    return new ParameterException(spec.commandLine(), sentence);
  }
}
