package dev.halftone.session;

import dev.halftone.Quantizer;
import dev.halftone.calibrate.Statistics;
import dev.halftone.data.Dataset;
import dev.halftone.data.Split;
import dev.halftone.data.label.Labelling;
import dev.halftone.engine.Progress;
import dev.halftone.format.onnx.OnnxReader;
import dev.halftone.graph.Model;
import dev.halftone.onnxruntime.OrtRuntime;
import dev.halftone.recipe.Recipe;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A request to observe the activations of a float model once, for any number of quantizations.
///
/// Each method sets one thing and gives the request back; [#run] leaves it as it is.
public final class Calibration {

  private final Path model;
  private final Samples data;
  private Optional<Integer> count = Optional.empty();
  private AskedRecipe recipe = AskedRecipe.DEFAULT;
  private int threads = Runtime.getRuntime().availableProcessors();

  Calibration(Path model, Samples data) {
    this.model = model;
    this.data = data;
  }

  /// How many samples are observed; where nothing is said, as many as a quantization takes of the same ones.
  public Calibration on(int samples) {
    count = Optional.of(samples);
    return this;
  }

  /// The recipe whose tensors are observed: it matters where it keeps operations float. Where nothing is said it is the one that a
  /// quantization takes.
  public Calibration recipe(Recipe other) {
    recipe = AskedRecipe.of(other);
    return this;
  }

  /// The same, by a recipe file. Throws InvalidRecipeException where it says no recipe.
  public Calibration recipe(Path file) {
    recipe = AskedRecipe.read(file);
    return this;
  }

  /// How many samples are in work at once; results do not depend on it.
  public Calibration threads(int atOnce) {
    threads = atOnce;
    return this;
  }

  /// Observes.
  public CalibrationResult run() {
    return run(Progress.Stages.NONE);
  }

  /// Observes. Throws UnusableInputException where model or samples cannot be used.
  ///
  /// @param progress is told of each stage
  public CalibrationResult run(Progress.Stages progress) {
    progress.stage("Reading", 0);
    Model read = OnnxReader.read(model);
    SampleReader.Opened all =
        new SampleReader(data, recipe, model, read).open(Labelling.Use.WELCOME);
    Dataset calibration = Split.of(all.data(), count).calibration();
    progress.stage("Preparing", 0);
    DefaultRecipe otherwise =
        recipe.named().isPresent() ? DefaultRecipe.USUAL : DefaultRecipe.calibrated(read);
    Quantizer quantizer =
        new Quantizer(new OrtRuntime(), recipe.or(otherwise.recipe()), threads, progress);
    Statistics statistics = quantizer.calibrate(quantizer.prepare(read), calibration).statistics();
    List<String> said = new ArrayList<>(otherwise.said().stream().toList());
    said.addAll(all.said());
    return new CalibrationResult(
        statistics, all.usedPreprocessing(), calibration.description(), said);
  }
}
