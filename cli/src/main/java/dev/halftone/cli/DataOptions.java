package dev.halftone.cli;

import dev.halftone.InvalidRecipeException;
import dev.halftone.UnusableInputException;
import dev.halftone.data.Dataset;
import dev.halftone.data.Datasets;
import dev.halftone.data.label.ClassList;
import dev.halftone.data.label.ClassListFile;
import dev.halftone.data.label.Labelling;
import dev.halftone.data.picture.Preprocessing;
import dev.halftone.data.picture.PreprocessingGuess;
import dev.halftone.graph.Model;
import dev.halftone.onnxruntime.Verification;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Where samples come from, how pictures become inputs, and how many samples are in work at once.
final class DataOptions {

  /// As many samples tell whether there are labels.
  private static final int FIRST = 20;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--data",
      paramLabel = "DATA",
      description =
          "Samples: a folder of pictures (JPEG, PNG, BMP, GIF, WebP, TIFF) with labels.csv (columns file,label, or file,text for a model that reads) or subfolders by class where labels are known; or a NumPy file, npz (an array for each input of the model, and 'labels') or npy; or a folder of those, one a sample.")
  Optional<Path> data = Optional.empty();

  @Option(
      names = "--labels",
      paramLabel = "FILE",
      description =
          "Labels that lie elsewhere: for a folder a table with the columns file and label, or file and text (filename, path or image, and class, class_id or category will do; labels are numbers or names; without a header, file and label); for an array a .npy file.")
  Optional<Path> labels = Optional.empty();

  @Option(
      names = "--classes",
      paramLabel = "FILE",
      description =
          "The names of the model's classes, one a line, in their order: subfolders and labels may be called by them. Default: the model's metadata, or classes.txt or labels.txt in the folder of the data, beside it or beside the model.")
  Optional<Path> classFile = Optional.empty();

  @Option(
      names = "--no-labels",
      description =
          "Leave labels out: of a labels.csv or of subfolders that belong to another task.")
  boolean noLabels;

  @Option(
      names = "--preprocess",
      paramLabel = "TEXT",
      description =
          "How a picture becomes the model's input (see below), as in imagenet or mean=127,std=128. Default: what the model's shape and metadata say, else ImageNet's mean and std.")
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
      String file = spec.commandLine().getParseResult().matchedOptionValue("--recipe", "recipe");
      throw new InvalidRecipeException(file + ": recipe field preprocessing: " + e.getMessage());
    }
  }

  /// What a reader must know of how these samples became inputs: nothing of samples that are no pictures, unless something else was asked for.
  List<String> said(Model model, Dataset data) {
    List<String> said = new ArrayList<>();
    if (isPreprocessed(data)) {
      said.add(preprocessingSentence(model, hasTruth(data)));
    } else if (preprocess.isPresent()) {
      said.add(
          "--preprocess was not used: arrays are fed as they are, unless they are pictures of uint8.");
    }
    said.addAll(data.notes());
    return said;
  }

  /// True of pictures, in files or arrays.
  boolean isPreprocessed(Dataset data) {
    return data.size() > 0 && data.isPicture(0);
  }

  /// Whether it is known of the first samples what is right.
  private static boolean hasTruth(Dataset data) {
    return IntStream.range(0, Math.min(data.size(), FIRST))
        .anyMatch(i -> data.label(i).isPresent() || data.text(i).isPresent());
  }

  private String preprocessingSentence(Model model, boolean hasTruth) {
    Preprocessing used = preprocessing(model);
    PreprocessingGuess guess = PreprocessingGuess.of(model);
    Optional<String> text = preprocess.or(() -> ofRecipe);
    boolean saysNumbers =
        text.filter(given -> saysNumbers(given, guess.preprocessing())).isPresent();
    if (saysNumbers) {
      return "Preprocessing: %s (%s)."
          .formatted(used, preprocess.isPresent() ? "as given" : "the recipe's");
    }
    return switch (guess.evidence()) {
      case METADATA -> "Preprocessing: %s (mean and std by the model's metadata).".formatted(used);
      case NETWORK ->
          "Preprocessing: %s (the network normalizes its input itself).".formatted(used);
      case TYPE -> "Preprocessing: %s (the model takes pixels).".formatted(used);
      case NONE ->
          "Preprocessing was guessed%s: %s. %s; --preprocess says another."
              .formatted(
                  text.isEmpty()
                      ? ""
                      : preprocess.isPresent()
                          ? " where --preprocess is silent"
                          : " where the recipe is silent",
                  used,
                  hasTruth
                      ? "Compare it with what the model was trained with"
                      : "No label or text would show a mistake, so compare it with what the model was trained with");
    };
  }

  /// Whether mean and std are the text's own, whatever the defaults are.
  private static boolean saysNumbers(String text, Preprocessing defaults) {
    Preprocessing other =
        defaults.with(defaults.order(), List.of(defaults.mean().getFirst() + 1), defaults.std());
    return Preprocessing.parse(text, defaults).equals(Preprocessing.parse(text, other));
  }

  /// The model's classes, with the names that the command line, the model or a file beside them give.
  ///
  /// @param file of the model
  ClassList classes(Path file, Model model, Path path) {
    ClassList known = ClassList.of(model);
    if (classFile.isPresent()) {
      return ClassListFile.read(classFile.get(), known);
    }
    return known.names().isEmpty() ? ClassListFile.besides(path, Optional.of(file), known) : known;
  }

  /// The same samples under another preprocessing.
  Verification.Reopening reopening(Path path, Labelling labelling, Model model) {
    return new Verification.Reopening(
        preprocessing(model),
        Preprocessing.defaultsFor(model),
        other -> Datasets.open(path, labelling, model.graph().requiredInputs(), other));
  }

  Dataset open(Path path, Labelling labelling, Model model) {
    return Datasets.open(path, labelling, model.graph().requiredInputs(), preprocessing(model));
  }

  /// Labels as the command line gives them, for a model in this file.
  ///
  /// @param isOfData whether `--labels` is about these samples
  /// @param use of the labels, unless `--no-labels` leaves them out
  Labelling labelling(Path file, Model model, Path path, boolean isOfData, Labelling.Use use) {
    return new Labelling(
        isOfData ? labels : Optional.empty(),
        noLabels ? Labelling.Use.IGNORED : use,
        classes(file, model, path));
  }
}
