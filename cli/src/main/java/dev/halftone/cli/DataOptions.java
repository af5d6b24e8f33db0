package dev.halftone.cli;

import dev.halftone.session.Samples;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Where samples come from, how pictures become inputs, and how many samples are in work at once.
final class DataOptions {

  /// What a file of texts holds, for the end of a help page.
  static final String TEXTS =
      """
        .txt            a text a line
        .csv, .tsv      a table whose columns are known by their names, as text,label
                        or sentence1,sentence2,score or query,passage,label, or
                        without names by what they hold
        .jsonl, .json   an object a line with such keys, or a string; or an array
      Scores say how alike two texts are, labels are classes, by number or name.
      Each text of a pair is an input, or both are one where the model gives scores.
      Texts keep their length; the tokenizer, or tokenizer_config.json beside it,
      says where longer ones are cut.\
      """;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--data",
      paramLabel = "DATA",
      description =
          "Samples: a folder of pictures (JPEG, PNG, BMP, GIF, WebP, TIFF) with labels.csv (columns file,label, or file,text for a model that reads) or subfolders by class where labels are known; or a NumPy file, npz (an array for each input of the model, and 'labels') or npy; or a folder of those, one a sample; or, for a model that reads text, a file of texts (see below): txt, csv, tsv or jsonl.")
  Optional<Path> data = Optional.empty();

  @Option(
      names = "--labels",
      paramLabel = "FILE",
      description =
          "Labels that lie elsewhere: for a folder a table with the columns file and label, or file and text (filename, path or image, and class, class_id or category will do; labels are numbers or names; without a header, file and label); for an array a .npy file.")
  private Optional<Path> labels = Optional.empty();

  @Option(
      names = "--classes",
      paramLabel = "FILE",
      description =
          "The names of the model's classes, one a line, in their order: subfolders and labels may be called by them. Default: the model's metadata, or classes.txt or labels.txt in the folder of the data, beside it or beside the model, or id2label of a config.json there.")
  private Optional<Path> classFile = Optional.empty();

  @Option(
      names = "--no-labels",
      description =
          "Leave labels out: of a labels.csv or of subfolders that belong to another task.")
  private boolean noLabels;

  @Option(
      names = "--tokenizer",
      paramLabel = "FILE",
      description =
          "The tokenizer.json that makes tokens of texts. Default: one beside the model (MODEL-tokenizer.json or tokenizer.json), in the folder above it, or beside the data.")
  private Optional<Path> tokenizer = Optional.empty();

  @Option(
      names = "--preprocess",
      paramLabel = "TEXT",
      description =
          "How a picture becomes the model's input (see below), as in imagenet or mean=127,std=128. Default: what the model's shape and metadata say, else ImageNet's mean and std.")
  private Optional<String> preprocess = Optional.empty();

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Samples in work at once. Default: the number of processors.")
  int threads = Runtime.getRuntime().availableProcessors();

  /// The samples, where a command cannot do without.
  ///
  /// @param purpose as in `compare on`
  Samples required(String purpose) {
    return samples(
        data.orElseThrow(() ->
            new ParameterException(
                spec.commandLine(), "give samples to " + purpose + " with --data DATA")),
        labels);
  }

  /// The samples of `--data`, if it is given.
  ///
  /// @param isLabelled whether `--labels` is about these
  Optional<Samples> samples(boolean isLabelled) {
    return data.map(path -> samples(path, isLabelled ? labels : Optional.empty()));
  }

  /// Samples in another place, which `--labels` is about.
  Samples at(Path path) {
    return samples(path, labels);
  }

  private Samples samples(Path path, Optional<Path> table) {
    Samples all = Samples.at(path);
    Samples labelled = table.map(all::labels).orElse(all);
    Samples named = classFile.map(labelled::classes).orElse(labelled);
    Samples prepared = preprocess.map(named::preprocessing).orElse(named);
    Samples tokenized = tokenizer.map(prepared::tokenizer).orElse(prepared);
    return noLabels ? tokenized.withoutLabels() : tokenized;
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
}
