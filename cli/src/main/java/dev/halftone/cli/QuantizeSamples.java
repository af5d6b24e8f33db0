package dev.halftone.cli;

import dev.halftone.calibrate.Statistics;
import dev.halftone.calibrate.StatisticsFile;
import dev.halftone.data.Dataset;
import dev.halftone.data.Split;
import dev.halftone.data.label.ClassList;
import dev.halftone.data.label.Labelling;
import dev.halftone.graph.Model;
import dev.halftone.onnxruntime.Verification;
import dev.halftone.recipe.Observer;
import dev.halftone.recipe.Recipe;
import dev.halftone.verify.Labels;
import dev.halftone.verify.Premises;
import dev.halftone.verify.VerifyOptions;
import dev.halftone.wording.Figures;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The samples of one quantization by what they serve for, and sentences about that for the reader.
///
/// @param calibration empty where saved statistics stand for it
/// @param statistics saved ones; where their samples are among those that calibrate, they know where
/// @param correcting samples that rounding and bias correction can measure with
/// @param verification samples to measure the result with
/// @param reopening the verification samples under another preprocessing
/// @param notes what the reader of a verdict must know of these
/// @param premises what was assumed of them, and why not to trust what is measured with them
/// @param classes of the model, with their names as far as they are known
/// @param preprocessing how pictures become inputs, as text
record QuantizeSamples(
    Optional<Dataset> calibration,
    Optional<Statistics> statistics,
    Optional<Dataset> correcting,
    Optional<Dataset> verification,
    Optional<Verification.Reopening> reopening,
    String calibratedOn,
    List<String> notes,
    Premises premises,
    ClassList classes,
    Optional<String> preprocessing) {

  /// Samples of one path.
  private record Opened(Labelling labelling, Dataset data, Verification.Reopening reopening) {

    /// @param isOfData whether `--labels` is about these samples
    /// @param isNeeded whether labels that cannot be understood are an error
    static Opened of(
        QuantizeRequest job, Model model, Path path, boolean isOfData, boolean isNeeded) {
      DataOptions options = job.samples().options();
      Labelling.Use use = isNeeded ? Labelling.Use.NEEDED : Labelling.Use.WELCOME;
      Labelling labelling = options.labelling(job.model(), model, path, isOfData, use);
      return new Opened(
          labelling,
          options.open(path, labelling, model),
          options.reopening(path, labelling, model));
    }

    /// The model's own names, else those that the samples give.
    ClassList classes() {
      return classNames(data, labelling.classes());
    }
  }

  /// @param answers of the model
  static QuantizeSamples open(
      QuantizeRequest job,
      Model model,
      VerifyOptions answers,
      Optional<StatisticsFile.Saved> saved) {
    DataOptions options = job.samples().options();
    Optional<Statistics> statistics = saved.map(StatisticsFile.Saved::statistics);
    boolean isTested = job.samples().test().isPresent();
    boolean isMeasured = job.checks().measuring() != Measuring.SIZE;
    Optional<Opened> data =
        options.data.map(path -> Opened.of(job, model, path, !isTested, isMeasured && !isTested));
    Optional<Opened> test =
        job.samples().test().map(path -> Opened.of(job, model, path, true, isMeasured));
    Optional<Opened> measured = test.or(() -> data);
    Optional<Split> split =
        data.map(Opened::data)
            .map(all -> {
              Optional<Integer> count = count(job, all);
              return test.map(other -> Split.of(all, other.data(), count))
                  .orElseGet(() -> Split.of(all, count));
            });
    Optional<Dataset> verification =
        isMeasured
            ? split
                .map(Split::verification)
                .or(() -> test.map(Opened::data))
                .map(all -> all.spread(job.samples().testing()))
            : Optional.empty();
    measured
        .filter(_ -> isMeasured)
        .ifPresent(all -> Labels.requireClassesOf(model, answers, all.data()));
    Optional<Dataset> calibration = split.map(Split::calibration);
    Optional<Statistics> located =
        calibration.flatMap(samples ->
            statistics.flatMap(
                known -> known.locatedIn(samples, job.way().recipe().samples(), options.threads)));
    Optional<Dataset> correcting =
        calibration.filter(_ -> statistics.isEmpty() || located.isPresent());
    List<String> notes = new ArrayList<>();
    if (verification.isPresent() && split.isPresent() && statistics.isEmpty()) {
      notes.add(
          split.get().heldOut()
              ? "Calibrated on %s; the samples measured on were held out."
                  .formatted(split.get().calibration().description())
              : "Calibrated and measured on the same samples, which flatters the result a little: give --test-data, or more than %d samples."
                  .formatted(Split.CALIBRATION));
    } else if (split.isPresent() && statistics.isEmpty()) {
      notes.add("Calibrated on %s.".formatted(split.get().calibration().description()));
    }
    if (correcting.isEmpty() && job.way().recipe().needsSamples()) {
      notes.add(
          calibration.isEmpty()
              ? unmeasured(job.way().recipe())
                  + ", for there were only statistics and no samples: give --data too."
              : unmeasured(job.way().recipe())
                  + ", for the statistics are of other samples: give the same --data and --samples as to calibrate.");
    }
    return new QuantizeSamples(
        calibration,
        located.or(() -> statistics),
        correcting,
        verification,
        measured.map(Opened::reopening),
        statistics
            .map(known ->
                "%s, by way of %s"
                    .formatted(
                        Figures.count(known.samples(), "sample"),
                        job.samples().earlier().statistics().map(Path::toString).orElse("")))
            .or(() -> calibration.map(Dataset::description))
            .orElse(""),
        notes,
        measured
            .map(samples -> premises(options, model, samples.data(), saved))
            .orElse(Premises.NONE),
        measured.map(Opened::classes).orElse(ClassList.UNKNOWN),
        measured.map(_ -> options.preprocessing(model).toString()));
  }

  /// The model's own names, else those that the samples give.
  static ClassList classNames(Dataset samples, ClassList classes) {
    return classes.names().isEmpty() && !samples.classNames().isEmpty()
        ? classes.named(samples.classNames(), "the samples")
        : classes;
  }

  private static Premises premises(
      DataOptions options, Model model, Dataset data, Optional<StatisticsFile.Saved> saved) {
    String today = options.preprocessing(model).toString();
    List<String> doubts =
        saved
            .flatMap(StatisticsFile.Saved::preprocessing)
            .filter(before -> options.isPreprocessed(data) && !before.equals(today))
            .map(before ->
                "the statistics are of pictures prepared otherwise (%s) than today's (%s): calibrate again"
                    .formatted(before, today))
            .stream()
            .toList();
    return new Premises(options.said(model, data), doubts);
  }

  /// How many samples calibrate; empty for the default. Where they are learned from, none of those that measure may be among them, and more
  /// are better.
  private static Optional<Integer> count(QuantizeRequest job, Dataset all) {
    return job.way().improvement().isEmpty() || job.samples().calibrating().isPresent()
        ? job.samples().calibrating()
        : Optional.of(
            job.samples().test().isPresent() ? all.size() : Math.max(1, all.size() * 3 / 4));
  }

  /// What was not done as the recipe says, as the beginning of a sentence.
  private static String unmeasured(Recipe recipe) {
    List<String> parts = new ArrayList<>();
    if (recipe.rounding().solves()) {
      parts.add("Weights were rounded to nearest");
    }
    if (recipe.biasCorrection()) {
      parts.add(parts.isEmpty() ? "Biases were not corrected" : "biases not corrected");
    }
    Observer instead = recipe.rules().observer().withoutSamples();
    if (!recipe.rules().observer().equals(instead)) {
      parts.add((parts.isEmpty() ? "Ranges were" : "ranges") + " chosen by " + instead.text());
    }
    return String.join(" and ", parts);
  }
}
