package dev.halftone.session;

import dev.halftone.data.Dataset;
import java.nio.file.Path;
import java.util.Optional;

/// The samples that calibrate or measure: where they are, how pictures become inputs, and what is known of their labels.
///
/// Each method gives another description and leaves this one as it is; nothing is read before a request runs.
public final class Samples {

  final Source source;
  final Optional<Path> labels;
  final Optional<Path> classes;
  final boolean isLabelled;
  final Optional<String> preprocessing;
  final Optional<Path> tokenizer;

  /// The place that samples are read from.
  sealed interface Source {
    /// A folder or a file.
    record Files(Path path) implements Source {}

    /// A data set of the program's own.
    record Own(Dataset data) implements Source {}
  }

  private Samples(
      Source source,
      Optional<Path> labels,
      Optional<Path> classes,
      boolean isLabelled,
      Optional<String> preprocessing,
      Optional<Path> tokenizer) {
    this.source = source;
    this.labels = labels;
    this.classes = classes;
    this.isLabelled = isLabelled;
    this.preprocessing = preprocessing;
    this.tokenizer = tokenizer;
  }

  private Samples(Source source) {
    this(source, Optional.empty(), Optional.empty(), true, Optional.empty(), Optional.empty());
  }

  /// A folder of pictures (with `labels.csv`, or a subfolder for each class, where labels are known); a `.npy` or `.npz` file, or a folder
  /// of those; for a model that reads text a `.txt`, `.csv`, `.tsv` or `.jsonl` file of texts, pairs or labelled texts.
  public static Samples at(Path data) {
    return new Samples(new Source.Files(data));
  }

  /// Samples of the program's own, already in the form of the model's inputs.
  public static Samples of(Dataset data) {
    return new Samples(new Source.Own(data));
  }

  /// The same with labels that lie elsewhere: a table with the columns file and label, or file and text; for an array a `.npy` file.
  public Samples labels(Path table) {
    return new Samples(source, Optional.of(table), classes, isLabelled, preprocessing, tokenizer);
  }

  /// The same with the names of the model's classes from this file, one a line, in their order.
  public Samples classes(Path file) {
    return new Samples(source, labels, Optional.of(file), isLabelled, preprocessing, tokenizer);
  }

  /// The same without labels: those of a table or of subfolders belong to another task.
  public Samples withoutLabels() {
    return new Samples(source, labels, classes, false, preprocessing, tokenizer);
  }

  /// The same where pictures become inputs so.
  ///
  /// @param text as in `imagenet` or `mean=127,std=128`; what it leaves out is as the model's shape and metadata say
  public Samples preprocessing(String text) {
    return new Samples(source, labels, classes, isLabelled, Optional.of(text), tokenizer);
  }

  /// The same where texts become tokens by this `tokenizer.json`: else by one beside the model, in the folder above it, or beside the data.
  public Samples tokenizer(Path file) {
    return new Samples(source, labels, classes, isLabelled, preprocessing, Optional.of(file));
  }
}
