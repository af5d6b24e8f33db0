package dev.halftone.session;

import dev.halftone.calibrate.Statistics;
import dev.halftone.calibrate.StatisticsFile;
import dev.halftone.data.Dataset;
import dev.halftone.data.Split;
import dev.halftone.data.label.ClassList;
import dev.halftone.data.label.Labelling;
import dev.halftone.graph.Model;
import dev.halftone.measure.Verification;
import dev.halftone.recipe.Observer;
import dev.halftone.recipe.Recipe;
import dev.halftone.session.SampleReader.Opened;
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
/// @param notes what the reader of a verdict must know of these
record UsedSamples(Calibrating calibrating, Measured measured, List<String> notes) {

  /// What ranges and integers are found with.
  ///
  /// @param samples empty where saved statistics stand for them
  /// @param statistics saved ones; where their samples are among those that calibrate, they know where
  /// @param correcting samples that rounding and bias correction can measure with
  /// @param words as in `100 pictures of folder/`
  record Calibrating(
      Optional<Dataset> samples,
      Optional<Statistics> statistics,
      Optional<Dataset> correcting,
      String words) {}

  /// What the result is measured with.
  ///
  /// @param reopening the samples under another preprocessing
  /// @param premises what was assumed of them, and why not to trust what is measured with them
  /// @param classes of the model, with their names as far as they are known
  /// @param preprocessing how pictures become inputs, as text
  record Measured(
      Optional<Dataset> samples,
      Optional<Verification.Reopening> reopening,
      Premises premises,
      ClassList classes,
      Optional<String> preprocessing) {}

  /// @param answers of the model
  /// @param recipe with all that was asked for
  static UsedSamples open(
      QuantizeRequest asked,
      Model model,
      VerifyOptions answers,
      Recipe recipe,
      Optional<StatisticsFile.Saved> saved) {
    Optional<Statistics> statistics = saved.map(StatisticsFile.Saved::statistics);
    boolean isTested = asked.testData.isPresent();
    boolean isMeasured = asked.measuring != Measuring.SIZE;
    Optional<Opened> data =
        asked.data.map(samples -> opened(asked, model, samples, isMeasured && !isTested));
    Optional<Opened> test =
        asked.testData.map(samples -> opened(asked, model, samples, isMeasured));
    Optional<Opened> measured = test.or(() -> data);
    Optional<Split> split =
        data.map(Opened::data)
            .map(all -> {
              Optional<Integer> count = count(asked, all);
              return test.map(other -> Split.of(all, other.data(), count))
                  .orElseGet(() -> Split.of(all, count));
            });
    Optional<Dataset> verification =
        isMeasured
            ? split
                .map(Split::verification)
                .or(() -> test.map(Opened::data))
                .map(all -> all.spread(asked.testing))
            : Optional.empty();
    measured
        .filter(_ -> isMeasured)
        .ifPresent(all -> Labels.requireClassesOf(model, answers, all.data()));
    Optional<Dataset> calibration = split.map(Split::calibration);
    Optional<Statistics> located =
        calibration.flatMap(samples ->
            statistics.flatMap(known -> known.locatedIn(samples, recipe.samples(), asked.threads)));
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
    if (correcting.isEmpty() && recipe.needsSamples()) {
      notes.add(
          calibration.isEmpty()
              ? unmeasured(recipe)
                  + (statistics.isEmpty()
                      ? ", for there were no samples: give --data."
                      : ", for there were only statistics and no samples: give --data too.")
              : unmeasured(recipe)
                  + ", for the statistics are of other samples: give the same --data and --samples as to calibrate.");
    }
    return new UsedSamples(
        new Calibrating(
            calibration,
            located.or(() -> statistics),
            correcting,
            statistics
                .map(known ->
                    "%s, by way of %s"
                        .formatted(
                            Figures.count(known.samples(), "sample"),
                            asked.statistics.map(Path::toString).orElse("")))
                .or(() -> calibration.map(Dataset::description))
                .orElse("")),
        new Measured(
            verification,
            measured.flatMap(Opened::reopening),
            measured.map(samples -> premises(samples, saved)).orElse(Premises.NONE),
            measured.map(Opened::classes).orElse(ClassList.UNKNOWN),
            measured.flatMap(Opened::preprocessing)),
        notes);
  }

  /// @param isNeeded whether labels that cannot be understood are an error
  private static Opened opened(
      QuantizeRequest asked, Model model, Samples samples, boolean isNeeded) {
    return new SampleReader(samples, asked.recipe, asked.model, model)
        .open(isNeeded ? Labelling.Use.NEEDED : Labelling.Use.WELCOME);
  }

  private static Premises premises(Opened samples, Optional<StatisticsFile.Saved> saved) {
    Optional<String> today = samples.usedPreprocessing();
    List<String> doubts =
        saved
            .flatMap(StatisticsFile.Saved::preprocessing)
            .filter(before -> today.isPresent() && !before.equals(today.get()))
            .map(before ->
                "the statistics are of pictures prepared otherwise (%s) than today's (%s): calibrate again"
                    .formatted(before, today.orElseThrow()))
            .stream()
            .toList();
    return new Premises(samples.said(), doubts);
  }

  /// How many samples calibrate; empty for the default. Where they are learned from, none of those that measure may be among them, and more
  /// are better.
  private static Optional<Integer> count(QuantizeRequest asked, Dataset all) {
    return asked.improvement.isEmpty() || asked.calibrating.isPresent()
        ? asked.calibrating
        : Optional.of(asked.testData.isPresent() ? all.size() : Math.max(1, all.size() * 3 / 4));
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
