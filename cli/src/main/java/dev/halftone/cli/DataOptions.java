package dev.halftone.cli;

import dev.halftone.data.Dataset;
import dev.halftone.data.Datasets;
import dev.halftone.data.Preprocessing;
import dev.halftone.graph.Model;
import dev.halftone.onnxruntime.Verification;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/// Where samples come from and how pictures become inputs.
final class DataOptions {

  @Option(
      names = "--data",
      paramLabel = "DATA",
      description =
          "Samples: a folder of pictures (.jpg, .png, .bmp, .gif) with labels.csv (columns file,label) or subfolders by class where labels are known; or an .npz file with an array for each input of the model, and 'labels'; or a .npy file; or a folder of those, one a sample.")
  Optional<Path> data = Optional.empty();

  @Option(
      names = "--labels",
      paramLabel = "FILE",
      description =
          "Labels that lie elsewhere: a table with columns file,label for a folder, a .npy file for an array.")
  Optional<Path> labels = Optional.empty();

  @Option(
      names = "--preprocess",
      paramLabel = "TEXT",
      description =
          "How a picture becomes the model's input, as in imagenet or resize=256,crop=224,mean=127,std=128 (see below). Default: what the model's shape and metadata say, else ImageNet's mean and std.")
  Optional<String> preprocess = Optional.empty();

  /// How pictures become inputs of this model.
  Preprocessing preprocessing(Model model) {
    Preprocessing defaults = Preprocessing.defaultsFor(model);
    return preprocess.map(text -> Preprocessing.parse(text, defaults)).orElse(defaults);
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
