package dev.halftone.cli;

import dev.halftone.InvalidRecipeException;
import dev.halftone.UnusableInputException;
import dev.halftone.data.Dataset;
import dev.halftone.data.Datasets;
import dev.halftone.data.Preprocessing;
import dev.halftone.graph.Model;
import dev.halftone.onnxruntime.Verification;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Where samples come from, how pictures become inputs, and how many samples are in work at once.
final class DataOptions {

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--data",
      paramLabel = "DATA",
      description =
          "Samples: a folder of pictures (.jpg, .png, .bmp, .gif, .webp, .tif) with labels.csv (columns file,label, or file,text for a model that reads) or subfolders by class where labels are known; or an .npz file with an array for each input of the model, and 'labels'; or a .npy file; or a folder of those, one a sample.")
  Optional<Path> data = Optional.empty();

  @Option(
      names = "--labels",
      paramLabel = "FILE",
      description =
          "Labels that lie elsewhere: a table with columns file,label or file,text for a folder, a .npy file for an array.")
  Optional<Path> labels = Optional.empty();

  @Option(
      names = "--preprocess",
      paramLabel = "TEXT",
      description =
          "How a picture becomes the model's input, as in imagenet or resize=256,crop=224,mean=127,std=128 (see below). Default: what the model's shape and metadata say, else ImageNet's mean and std.")
  Optional<String> preprocess = Optional.empty();

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Samples in work at once. Default: the number of processors.")
  int threads = Runtime.getRuntime().availableProcessors();

  /// What a recipe says of preprocessing: counts where the command line says nothing.
  Optional<String> ofRecipe = Optional.empty();

  /// The samples, where a command cannot do without.
  ///
  /// @param purpose as in `compare on`
  Path required(String purpose) {
    return data.orElseThrow(() ->
        new ParameterException(
            spec.commandLine(), "give samples to " + purpose + " with --data DATA"));
  }

  /// Checks `--threads` and another number of the command line.
  void requirePositive(String option, int number) {
    if (threads < 1 || number < 1) {
      throw new ParameterException(
          spec.commandLine(),
          "%s is 1 or more, not %d"
              .formatted(threads < 1 ? "--threads" : option, Math.min(threads, number)));
    }
  }

  /// How pictures become inputs of this model.
  Preprocessing preprocessing(Model model) {
    Preprocessing defaults = Preprocessing.defaultsFor(model);
    if (preprocess.isPresent() || ofRecipe.isEmpty()) {
      return preprocess.map(text -> Preprocessing.parse(text, defaults)).orElse(defaults);
    }
    try {
      return Preprocessing.parse(ofRecipe.get(), defaults);
    } catch (UnusableInputException e) {
      throw new InvalidRecipeException("recipe field preprocessing: " + e.getMessage());
    }
  }

  /// The same samples under another preprocessing.
  Verification.Reopening reopening(Path path, Optional<Path> itsLabels, Model model) {
    return new Verification.Reopening(
        preprocessing(model),
        other -> Datasets.open(path, itsLabels, model.graph().requiredInputs(), other));
  }

  Dataset open(Path path, Optional<Path> itsLabels, Model model) {
    return Datasets.open(path, itsLabels, model.graph().requiredInputs(), preprocessing(model));
  }
}
