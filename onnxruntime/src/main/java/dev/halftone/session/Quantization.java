package dev.halftone.session;

import dev.halftone.Improvement;
import dev.halftone.engine.Progress;
import dev.halftone.format.onnx.OnnxReader;
import dev.halftone.judge.Gate;
import dev.halftone.recipe.Recipe;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// A request to quantize a float model and to measure what was lost and gained.
///
/// Each method sets one thing and gives the request back; [#run] and [#plan] leave it as it is.
public final class Quantization {

  private final QuantizeRequest asked;

  Quantization(Path model) {
    asked = new QuantizeRequest(model);
  }

  /// The samples: up to a hundred calibrate, the others measure.
  public Quantization data(Samples samples) {
    asked.data = Optional.of(samples);
    return this;
  }

  /// Other samples to measure with.
  public Quantization testData(Samples samples) {
    asked.testData = Optional.of(samples);
    return this;
  }

  /// How many samples calibrate.
  public Quantization calibrateOn(int count) {
    asked.calibrating = Optional.of(count);
    return this;
  }

  /// How many samples measure, at most; 2000 where nothing is said.
  public Quantization measureOn(int count) {
    asked.testing = count;
    return this;
  }

  /// Saved statistics stand for calibration.
  public Quantization statistics(Path file) {
    asked.statistics = Optional.of(file);
    return this;
  }

  /// A plan that was made for this model and recipe, changed by hand perhaps: no range is chosen anew.
  public Quantization plan(Path file) {
    asked.earlierPlan = Optional.of(file);
    return this;
  }

  /// What the outputs are, where the model does not say it.
  public Quantization task(Task other) {
    asked.task = other;
    return this;
  }

  /// How to quantize. Where nothing is said it is [Recipe#W8A8]; for transformers [Recipe#TRANSFORMER], and [Recipe#ROWS] without samples.
  public Quantization recipe(Recipe other) {
    asked.recipe = AskedRecipe.of(other);
    return this;
  }

  /// How to quantize, by a recipe file. Throws InvalidRecipeException where it says no recipe.
  ///
  /// What it says of preprocessing counts for samples that say nothing of it.
  public Quantization recipe(Path file) {
    asked.recipe = AskedRecipe.read(file);
    return this;
  }

  /// Changes the recipe that was set.
  public Quantization adjust(UnaryOperator<Recipe> change) {
    asked.recipe = asked.recipe.changed(change);
    return this;
  }

  /// Has the recipe searched for, beginning with the one that was set.
  public Quantization search(RecipeSearch other) {
    asked.search = Optional.of(other);
    asked.recipe =
        other instanceof RecipeSearch.Auto ? asked.recipe.namedForSearch() : asked.recipe;
    return this;
  }

  /// What is done to the integers before they are measured, as fine-tuning.
  public Quantization improve(Improvement other) {
    asked.improvement = Optional.of(other);
    return this;
  }

  /// A bar that the model must clear to be written; there may be several. [Gate.MaxDrop] is what searches and verdict go by, too.
  public Quantization gate(Gate gate) {
    asked.gates.add(gate);
    return this;
  }

  /// How much is measured; [Measuring#VERDICT] where nothing is said.
  public Quantization measure(Measuring depth) {
    asked.measuring = depth;
    return this;
  }

  /// The files that are going to be written: whether they can be is checked before the long work, and reports call the model so.
  public Quantization output(OutputFiles expected) {
    asked.files = expected;
    return this;
  }

  /// How many samples are in work at once; results do not depend on it. As many as there are processors where nothing is said.
  public Quantization threads(int count) {
    asked.threads = count;
    return this;
  }

  /// The line that asked for this, for the report.
  public Quantization command(String line) {
    asked.command = line;
    return this;
  }

  /// Quantizes and measures.
  public QuantizationResult run() {
    return run(Progress.Stages.NONE);
  }

  /// Quantizes and measures.
  ///
  /// Throws UnusableInputException where model, samples or files cannot be used, IllegalStateException where the request contradicts itself.
  ///
  /// @param progress is told of each stage
  public QuantizationResult run(Progress.Stages progress) {
    require(asked.gates.isEmpty() || asked.isMeasured(), "a gate has to measure: give samples");
    requireSamples();
    return new QuantizeFlow(asked, progress).run();
  }

  /// Decides every scale and what stays float, and makes no model.
  public QuantizationPlan plan() {
    return plan(Progress.Stages.NONE);
  }

  /// Decides every scale and what stays float, and makes no model.
  ///
  /// @param progress is told of each stage
  public QuantizationPlan plan(Progress.Stages progress) {
    requireSamples();
    return new QuantizeFlow(asked, progress).plan();
  }

  /// True where there are neither samples nor statistics, and the recipe cannot do without. Where no recipe was named the model is read, for
  /// it decides; throws UnusableInputException where it cannot be.
  public boolean lacksSamples() {
    return asked.data.isEmpty()
        && asked.statistics.isEmpty()
        && asked.recipe.or(otherwise()).observes();
  }

  private Recipe otherwise() {
    return asked.recipe.named().isPresent()
        ? Recipe.W8A8
        : DefaultRecipe.of(asked, OnnxReader.read(asked.model), Optional.empty()).recipe();
  }

  private void requireSamples() {
    require(!lacksSamples(), "give samples to calibrate, or statistics of some");
    require(asked.search.isEmpty() || asked.data.isPresent(), "a search measures: give samples");
  }

  private static void require(boolean isSound, String sentence) {
    if (!isSound) {
      throw new IllegalStateException(sentence);
    }
  }
}
