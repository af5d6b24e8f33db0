package dev.halftone;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.data.Dataset;
import dev.halftone.data.Datasets;
import dev.halftone.data.picture.Preprocessing;
import dev.halftone.device.Devices;
import dev.halftone.engine.Progress;
import dev.halftone.format.onnx.OnnxReader;
import dev.halftone.graph.Model;
import dev.halftone.onnxruntime.OrtRuntime;
import dev.halftone.recipe.ActivationScheme;
import dev.halftone.recipe.Recipe;
import dev.halftone.recipe.Rule;
import dev.halftone.search.AutoQuantizer;
import dev.halftone.search.Candidate;
import dev.halftone.search.Pace;
import dev.halftone.search.SearchResult;
import dev.halftone.search.SearchTerms;
import dev.halftone.tensor.Shape;
import dev.halftone.verify.VerifyOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Networks of kinds that searches once went wrong on. Their meaning is found as a user's would be, and nothing is timed.
class AutoQuantizerCasesTest {

  private static final Dataset PICTURES = new NormalNoise(40, "x", new Shape(1, 3, 16, 16));

  @TempDir private Path folder;

  /// @param faster whether integers are told to be faster than floats, or slower
  private static SearchResult search(Model model, Dataset data, boolean faster) {
    Quantizer quantizer =
        new Quantizer(
            new OrtRuntime(), Recipe.W8A8, Devices.ONNX_RUNTIME_CPU, 2, Progress.Stages.NONE);
    Pace pace = (made, _, _, _) -> made.plan().activations().isEmpty() ? 1 : faster ? 1.5 : 0.88;
    return AutoQuantizer.search(
        quantizer,
        model,
        data,
        new SearchTerms(VerifyOptions.of(model), Optional.empty(), Duration.ofMinutes(5), pace));
  }

  /// A multilayer perceptron on raw columns: small weights of its first layer meet large columns, and no scale an output serves them.
  @Test
  void theLayerWhoseWeightsCannotBeRoundedStaysFloat() throws IOException {
    Model model = OnnxReader.read(resource("tabular-unlike-columns/tab.onnx"));
    Dataset data =
        Datasets.open(
                resource("tabular-unlike-columns/tab.npz"), model, Preprocessing.defaultsFor(model))
            .spread(100);
    SearchResult result = search(model, data, false);
    assertThat(result.trials().subList(0, 3)).noneMatch(Candidate::isGood);
    assertThat(result.recipe().rules().kept()).containsExactly(Rule.keepFloat("fc1"));
    assertThat(result.recipe().rules().activations())
        .as("integers are slower")
        .isEqualTo(new ActivationScheme.Float());
    assertThat(result.chosen().comparison().sqnr().decibels()).isGreaterThan(30);
    assertThat(result.trials())
        .as("the other layers in 8 bits")
        .anyMatch(trial ->
            trial.isGood()
                && trial.recipe().rules().activations() instanceof ActivationScheme.Static);
  }

  /// How many rows a selection gives depends on small differences.
  @ParameterizedTest
  @ValueSource(strings = {"nms", "nonzero"})
  void networksThatEndInASelectionAreSearchedLikeOthers(String name) throws IOException {
    Model model = OnnxReader.read(resource("end-to-end-nms/" + name + ".onnx"));
    SearchResult result = search(model, PICTURES, true);
    assertThat(result.complete()).isTrue();
    assertThat(result.chosen().isGood()).isTrue();
    assertThat(result.recipe().rules().activations()).isEqualTo(Recipe.W8A8.rules().activations());
  }

  /// Scores and boxes share one scale, so that 8 bits hold the boxes alone, or stand in two outputs, of which the first is the better one.
  @ParameterizedTest
  @ValueSource(strings = {"det_cat", "det_mul", "det_two"})
  void aDetectorWhoseScoresAreGoneIsNotTaken(String name) throws IOException {
    Model model = OnnxReader.read(resource("det-head-concat/" + name + ".onnx"));
    SearchResult result = search(model, PICTURES, true);
    assertThat(result.chosen().isGood()).isTrue();
    assertThat(result.chosen().noise()).as("of the worst output").isLessThan(0.03);
  }

  private Path resource(String name) throws IOException {
    try (InputStream in = AutoQuantizerCasesTest.class.getResourceAsStream("cases/" + name)) {
      Path copy = folder.resolve(Path.of(name).getFileName());
      Files.copy(requireNonNull(in), copy);
      return copy;
    }
  }
}
