package dev.halftone.session;

import dev.halftone.InvalidRecipeException;
import dev.halftone.UnusableInputException;
import dev.halftone.data.Dataset;
import dev.halftone.data.Datasets;
import dev.halftone.data.label.ClassList;
import dev.halftone.data.label.ClassListFile;
import dev.halftone.data.label.Labelling;
import dev.halftone.data.picture.Normalization;
import dev.halftone.data.picture.Preprocessing;
import dev.halftone.data.picture.PreprocessingGuess;
import dev.halftone.data.text.TextInputs;
import dev.halftone.graph.Model;
import dev.halftone.measure.Verification;
import dev.halftone.text.TextDataset;
import dev.halftone.text.TextSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// Reads samples for one model, and says how.
///
/// @param recipe counts where the samples do not say how pictures become inputs
/// @param file of the model
record SampleReader(Samples samples, AskedRecipe recipe, Path file, Model model) {

  /// As many samples tell whether there are labels.
  private static final int FIRST = 20;

  /// Samples that were opened.
  ///
  /// @param classes of the model, with their names as far as they are known
  /// @param reopening the same samples under another preprocessing; empty where they have none
  record Opened(
      SampleReader reader,
      Dataset data,
      ClassList classes,
      Optional<Verification.Reopening> reopening) {

    /// What a reader must know of how these became inputs.
    List<String> said() {
      return reader.said(data);
    }

    /// How pictures become inputs, as text; empty where samples are the program's own.
    Optional<String> preprocessing() {
      return reader.samples.source instanceof Samples.Source.Files
          ? Optional.of(reader.picturesBecome().toString())
          : Optional.empty();
    }

    /// The same; empty where these are no pictures, in files or arrays.
    Optional<String> usedPreprocessing() {
      return preprocessing().filter(_ -> isPictures(data));
    }
  }

  /// Opens the samples and tries the first one.
  ///
  /// @param use of the labels, where they are not left out
  Opened open(Labelling.Use use) {
    return switch (samples.source) {
      case Samples.Source.Own(Dataset data) ->
          new Opened(this, data, named(data, known()), Optional.empty());
      case Samples.Source.Files(Path path) -> {
        Labelling labelling =
            new Labelling(
                samples.labels,
                samples.isLabelled ? use : Labelling.Use.IGNORED,
                classes(path, known()));
        if (Files.isDirectory(path) && TextInputs.of(model).isPresent()) {
          TextSource.firstIn(path).ifPresent(SampleReader::requireFile);
        }
        if (isText(path)) {
          Dataset texts =
              TextDataset.open(new TextSource(path, samples.tokenizer, file, labelling), model);
          yield new Opened(this, texts, named(texts, labelling.classes()), Optional.empty());
        }
        Preprocessing preprocessing = picturesBecome();
        Dataset data = open(path, labelling, preprocessing);
        Verification.Reopening reopening =
            new Verification.Reopening(
                preprocessing,
                Preprocessing.defaultsFor(model),
                other -> open(path, labelling, other));
        yield new Opened(this, data, named(data, labelling.classes()), Optional.of(reopening));
      }
    };
  }

  private static void requireFile(Path text) {
    throw new UnusableInputException(
        "the folder %s has files of texts: give one of them itself, as in %s"
            .formatted(text.getParent(), text));
  }

  private static boolean isText(Path path) {
    return Files.isRegularFile(path) && TextSource.isText(path);
  }

  private Dataset open(Path path, Labelling labelling, Preprocessing preprocessing) {
    return Datasets.open(path, labelling, model.graph().requiredInputs(), preprocessing);
  }

  /// The model's classes, with the names that the request or the model gives.
  private ClassList known() {
    ClassList known = ClassList.of(model);
    return samples.classes.map(list -> ClassListFile.read(list, known)).orElse(known);
  }

  private ClassList classes(Path path, ClassList known) {
    return samples.classes.isPresent() || !known.names().isEmpty()
        ? known
        : ClassListFile.besides(path, Optional.of(file), known);
  }

  /// The model's own names, else those that the samples give.
  private static ClassList named(Dataset data, ClassList classes) {
    return classes.names().isEmpty() && !data.classNames().isEmpty()
        ? classes.named(data.classNames(), "the samples")
        : classes;
  }

  private Preprocessing picturesBecome() {
    Preprocessing defaults = Preprocessing.defaultsFor(model);
    if (samples.preprocessing.isPresent() || recipe.preprocessing().isEmpty()) {
      return samples
          .preprocessing
          .map(text -> Preprocessing.parse(text, defaults))
          .orElse(defaults);
    }
    try {
      return Preprocessing.parse(recipe.preprocessing().get(), defaults);
    } catch (UnusableInputException e) {
      throw new InvalidRecipeException(
          recipe.origin() + "recipe field preprocessing: " + e.getMessage());
    }
  }

  /// What a reader must know of how these samples became inputs: nothing of samples that are no pictures, unless something else was asked for.
  private List<String> said(Dataset data) {
    List<String> said = new ArrayList<>();
    if (samples.source instanceof Samples.Source.Files(Path path)) {
      if (isPictures(data)) {
        said.add(sentence(hasTruth(data)));
      } else if (samples.preprocessing.isPresent()) {
        said.add(
            isText(path)
                ? "--preprocess was not used: it is about pictures."
                : "--preprocess was not used: arrays are fed as they are, unless they are pictures of uint8.");
      }
      if (samples.tokenizer.isPresent() && !isText(path)) {
        said.add("--tokenizer was not used: it is about files of texts.");
      }
    }
    said.addAll(data.notes());
    return said;
  }

  private static boolean isPictures(Dataset data) {
    return data.size() > 0 && data.isPicture(0);
  }

  /// Whether it is known of the first samples what is right.
  private static boolean hasTruth(Dataset data) {
    return IntStream.range(0, Math.min(data.size(), FIRST))
        .anyMatch(i -> data.label(i).isPresent() || data.text(i).isPresent());
  }

  private String sentence(boolean hasTruth) {
    Preprocessing used = picturesBecome();
    PreprocessingGuess guess = PreprocessingGuess.of(model);
    Optional<String> text = samples.preprocessing.or(recipe::preprocessing);
    boolean saysNumbers =
        text.filter(given -> saysNumbers(given, guess.preprocessing())).isPresent();
    if (saysNumbers) {
      return "Preprocessing: %s (%s)."
          .formatted(used, samples.preprocessing.isPresent() ? "as given" : "the recipe's");
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
                      : samples.preprocessing.isPresent()
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
        defaults.with(
            defaults.order(),
            new Normalization(List.of(defaults.mean().getFirst() + 1), defaults.std()));
    return Preprocessing.parse(text, defaults).equals(Preprocessing.parse(text, other));
  }
}
