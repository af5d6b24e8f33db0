package dev.halftone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.data.Dataset;
import dev.halftone.data.Sample;
import dev.halftone.device.Devices;
import dev.halftone.engine.Progress;
import dev.halftone.graph.Model;
import dev.halftone.graph.Sketch;
import dev.halftone.meaning.OutputKind;
import dev.halftone.onnxruntime.OrtRuntime;
import dev.halftone.recipe.ActivationScheme;
import dev.halftone.recipe.Recipe;
import dev.halftone.recipe.Rounding;
import dev.halftone.recipe.Rule;
import dev.halftone.search.AutoQuantizer;
import dev.halftone.search.Candidate;
import dev.halftone.search.Frontier;
import dev.halftone.search.Pace;
import dev.halftone.search.SearchResult;
import dev.halftone.search.SearchTerms;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import dev.halftone.testing.EncoderStyle;
import dev.halftone.testing.EncoderTexts;
import dev.halftone.testing.Encoders;
import dev.halftone.verify.VerifyOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Searches among recipes for transformers. Nothing is timed: how fast a candidate is is told by its form.
class TransformerSearchTest {

  private static final Model BERT = Encoders.bert(EncoderStyle.EXPORTED);
  private static final Dataset TEXTS = EncoderTexts.of(BERT, 24);
  private static final VerifyOptions VECTORS =
      VerifyOptions.of(BERT).withKind(Optional.of(OutputKind.EMBEDDING));

  /// Products of integers are so many times as fast, and those of one scale a run a little more.
  private static Pace products(double times) {
    return (made, _, _, _) ->
        made.plan().products().isEmpty()
            ? 1
            : made.plan().recipe().equals("dynamic") ? 1.05 * times : times;
  }

  private static SearchResult search(Recipe recipe, Duration atMost, Pace pace) {
    return search(BERT, TEXTS, recipe, new SearchTerms(VECTORS, Optional.empty(), atMost, pace));
  }

  private static SearchResult search(Model model, Dataset data, Recipe recipe, SearchTerms terms) {
    Quantizer quantizer =
        new Quantizer(new OrtRuntime(), recipe, Devices.ONNX_RUNTIME_CPU, 2, Progress.Stages.NONE);
    return AutoQuantizer.search(quantizer, model, data, terms);
  }

  private static List<String> tried(SearchResult result) {
    return result.trials().stream().map(Candidate::what).toList();
  }

  private static Candidate trial(SearchResult result, String what) {
    return result.trials().stream()
        .filter(one -> one.what().equals(what))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void theMostExactOfTheFastFormsIsTaken() {
    SearchResult result = search(Recipe.TRANSFORMER, Duration.ofMinutes(5), products(3));
    assertThat(tried(result)).containsExactly("rows", "w8a32", "transformer", "dynamic");
    assertThat(result.complete()).isTrue();
    assertThat(result.chosen().isGood()).isTrue();
    assertThat(result.chosen()).isIn(trial(result, "rows"), trial(result, "transformer"));
    assertThat(result.trials())
        .filteredOn(Candidate::dependsOnBatch)
        .containsExactly(trial(result, "dynamic"));
    Frontier frontier = new Frontier(result.trials());
    assertThat(frontier.ahead(result.chosen())).isEmpty();
    assertThat(frontier.ahead(trial(result, "w8a32"))).as("the most exact").isEmpty();
    assertThat(frontier.moreExact(result.chosen())).contains(trial(result, "w8a32"));
    assertThat(frontier.faster(trial(result, "w8a32"))).contains(quieter(result));
    assertThat(frontier.moreExact(trial(result, "w8a32"))).isEmpty();
  }

  private static Candidate quieter(SearchResult result) {
    return result.trials().stream()
        .filter(trial -> !trial.what().equals("w8a32"))
        .min(java.util.Comparator.comparingDouble(Candidate::noise))
        .orElseThrow();
  }

  @Test
  void whereIntegersAreNotFasterWeightsAloneAreTaken() {
    SearchResult result = search(Recipe.TRANSFORMER, Duration.ofMinutes(5), products(1));
    assertThat(result.chosen().what()).isEqualTo("w8a32");
    assertThat(new Frontier(result.trials()).ahead(trial(result, "rows")))
        .contains(result.chosen());
  }

  @Test
  void outOfTimeWeightsAreRoundedToNearest() {
    SearchResult result = search(Recipe.TRANSFORMER, Duration.ZERO, products(3));
    assertThat(tried(result)).containsExactly("rows", "w8a32", "transformer, rounded to nearest");
    assertThat(result.complete()).isFalse();
    assertThat(result.trials().getLast().recipe())
        .isEqualTo(Recipe.TRANSFORMER.withRounding(Rounding.NEAREST));
  }

  @Test
  void whatWasAskedForBesidesHoldsForAll() {
    Recipe asked = Recipe.TRANSFORMER.keepingFloat(List.of("*up*")).withoutBiasCorrection();
    SearchResult result = search(asked, Duration.ZERO, products(3));
    assertThat(result.trials())
        .allSatisfy(trial -> {
          assertThat(trial.recipe().rules().kept()).containsExactly(Rule.keepFloat("*up*"));
          assertThat(trial.recipe().biasCorrection()).isFalse();
        });
  }

  @Test
  void whereManyLayersAreConvolutionsTheirRecipeIsTried() {
    Random random = new Random(3);
    Model model =
        Sketch.opset(17)
            .input("x", 1, 3, 8, 8)
            .constant("k1", Normal.tensor(random, 0.3, 16, 3, 3, 3))
            .constant("k2", Normal.tensor(random, 0.2, 16, 16, 3, 3))
            .constant("w", Normal.tensor(random, 0.2, 16, 12))
            .ints("rows", 1, 16, 16)
            .node("Conv", "x k1", "a")
            .node("Relu", "a", "b")
            .node("Conv", "b k2", "c")
            .node("Reshape", "c rows", "d")
            .node("Transpose", "d", "e", "perm", new long[] {0, 2, 1})
            .node("MatMul", "e w", "y")
            .output("y")
            .model();
    VerifyOptions values = VerifyOptions.of(model).withKind(Optional.of(OutputKind.VALUES));
    SearchResult result =
        search(
            model,
            new NormalNoise(24, "x", new Shape(1, 3, 8, 8)),
            Recipe.TRANSFORMER,
            new SearchTerms(values, Optional.empty(), Duration.ofMinutes(5), products(2)));
    assertThat(tried(result)).startsWith("rows", "w8a32", "transformer", "dynamic", "w8a8");
  }

  /// Two large channels of what the first product reads differ by little, and their difference counts: no scale holds both.
  @Test
  void theProductThatDoesTheDamageComputesWithFloats() {
    Random random = new Random(1);
    float[] first = Normal.tensor(random, 0.2, 32, 32).toFloats();
    for (int i = 0; i < 32; i++) {
      first[6 * 32 + i] = -first[5 * 32 + i];
    }
    Model model =
        Sketch.opset(17)
            .input("x", 1, 6, 32)
            .constant("w1", Tensor.of(new Shape(32, 32), first))
            .constant("w2", Normal.tensor(random, 0.2, 32, 32))
            .constant("w3", Normal.tensor(random, 0.2, 32, 8))
            .node("MatMul", "x w1", "a")
            .node("Relu", "a", "b")
            .node("MatMul", "b w2", "c")
            .node("Relu", "c", "d")
            .node("MatMul", "d w3", "y")
            .output("y")
            .model();
    VerifyOptions values = VerifyOptions.of(model).withKind(Optional.of(OutputKind.VALUES));
    Pace pace = (made, _, _, _) -> 1 + made.plan().products().size();
    SearchResult result =
        search(
            model,
            new UnevenRows(24),
            Recipe.TRANSFORMER,
            new SearchTerms(values, Optional.empty(), Duration.ofMinutes(5), pace));
    assertThat(trial(result, "rows").isGood()).isFalse();
    assertThat(trial(result, "transformer").isGood()).isFalse();
    assertThat(result.chosen().isGood()).isTrue();
    assertThat(result.chosen().cost().exempt()).isEqualTo(1);
    assertThat(result.recipe().rules().named())
        .contains(Rule.activations("MatMul_0", new ActivationScheme.Float()));
  }

  private record UnevenRows(int size) implements Dataset {
    @Override
    public Sample sample(int index) {
      float[] rows = Normal.tensor(new Random(index), 1, 6, 32).toFloats();
      for (int i = 5; i < rows.length; i += 32) {
        rows[i] *= 1e3f;
        rows[i + 1] += rows[i];
      }
      return new Sample(
          "r" + index, Map.of("x", Tensor.of(new Shape(1, 6, 32), rows)), OptionalInt.empty());
    }

    @Override
    public String description() {
      return size + " uneven rows";
    }
  }
}
