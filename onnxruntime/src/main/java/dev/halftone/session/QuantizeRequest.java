package dev.halftone.session;

import dev.halftone.Improvement;
import dev.halftone.judge.Gate;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The wishes for one quantization.
final class QuantizeRequest {

  /// As many samples measure, at most.
  private static final int TESTING = 2000;

  final Path model;
  Optional<Samples> data = Optional.empty();
  Optional<Samples> testData = Optional.empty();
  Optional<Integer> calibrating = Optional.empty();
  int testing = TESTING;
  Optional<Path> statistics = Optional.empty();
  Optional<Path> earlierPlan = Optional.empty();
  Task task = Task.BY_THE_MODEL;
  AskedRecipe recipe = AskedRecipe.DEFAULT;
  Optional<RecipeSearch> search = Optional.empty();
  Optional<Improvement> improvement = Optional.empty();
  final List<Gate> gates = new ArrayList<>();
  Measuring measuring = Measuring.VERDICT;
  OutputFiles files = OutputFiles.NONE;
  int threads = Runtime.getRuntime().availableProcessors();
  String command = "";

  QuantizeRequest(Path model) {
    this.model = model;
  }

  /// The gate that searches and verdict go by.
  Optional<Gate.MaxDrop> maxDrop() {
    return gates.stream()
        .filter(Gate.MaxDrop.class::isInstance)
        .map(Gate.MaxDrop.class::cast)
        .findFirst();
  }

  boolean isMeasured() {
    return measuring != Measuring.SIZE && (data.isPresent() || testData.isPresent());
  }
}
