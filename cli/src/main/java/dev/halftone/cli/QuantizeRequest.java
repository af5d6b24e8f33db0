package dev.halftone.cli;

import dev.halftone.judge.Gate;
import dev.halftone.recipe.Recipe;
import java.nio.file.Path;
import java.util.Optional;

/// A quantization as the command line asks for it.
///
/// @param command the command line, for the report
record QuantizeRequest(
    Path model, OutputFiles outputs, Samples samples, Way way, Checks checks, String command) {

  /// The samples that calibrate and measure, and how they are read.
  ///
  /// @param options what `--data`, `--labels`, `--preprocess` and `--threads` say
  /// @param test other samples to measure with
  /// @param calibrating how many
  /// @param testing how many at most
  record Samples(
      DataOptions options,
      TaskOptions task,
      Optional<Path> test,
      Optional<Integer> calibrating,
      int testing,
      EarlierFiles earlier) {}

  /// The way to quantize.
  ///
  /// @param search of the recipe, where one is wanted
  /// @param improvement what is done to the numbers before they are written
  record Way(
      Recipe recipe,
      Optional<Budget> budget,
      Optional<RequestedSearch> search,
      Optional<Improvement> improvement) {

    /// What this recipe gives.
    static Way by(Recipe recipe) {
      return new Way(recipe, Optional.empty(), Optional.empty(), Optional.empty());
    }
  }

  /// What is measured of the result, and what it must not lose.
  ///
  /// @param dryRun true where the plan is all that is wanted
  record Checks(Optional<Gate.MaxDrop> maxDrop, boolean dryRun, Measuring measuring) {}
}
