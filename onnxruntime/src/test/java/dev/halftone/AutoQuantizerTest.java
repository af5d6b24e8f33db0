package dev.halftone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halftone.engine.Progress;
import dev.halftone.graph.Model;
import dev.halftone.onnxruntime.OrtRuntime;
import dev.halftone.recipe.Recipe;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import dev.halftone.verify.OutputKind;
import dev.halftone.verify.Verifier;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AutoQuantizerTest {

  private static Networks net() {
    return Networks.input(3, -1, 3, 12, 12)
        .conv("stem", 3, 16, 3, 1)
        .relu6("stem.r")
        .conv("pw", 16, 16, 1, 1)
        .relu("pw.r")
        .conv("pw2", 16, 24, 1, 1)
        .relu("pw2.r")
        .head("logits", 24, 10);
  }

  /// One channel of the first layer is ten thousand times as large as the others, and the next layer makes that up: no 8-bit scale serves
  /// both. The sum that stands between keeps them from being equalized.
  private static Model pathological() {
    Model model = net().model();
    float[] stem = model.graph().constant("stem.weight").orElseThrow().toFloats();
    float[] next = model.graph().constant("pw.weight").orElseThrow().toFloats();
    for (int i = 0; i < 27; i++) {
      stem[i] *= 1e4f;
    }
    for (int output = 0; output < 16; output++) {
      next[output * 16] *= 1e-4f;
    }
    return Networks.input(3, -1, 3, 12, 12)
        .conv("stem", 3, 16, 3, 1)
        .relu("stem.r")
        .op("Add", "stem.twice", "stem.r", "stem.r")
        .conv("pw", 16, 16, 1, 1)
        .relu("pw.r")
        .conv("pw2", 16, 24, 1, 1)
        .relu("pw2.r")
        .head("logits", 24, 10)
        .constant("stem.weight", Tensor.of(new Shape(16, 3, 3, 3), stem))
        .constant("pw.weight", Tensor.of(new Shape(16, 16, 1, 1), next))
        .model();
  }

  private static Found search(Model model, int threads, Duration atMost) {
    Quantizer quantizer =
        new Quantizer(new OrtRuntime(), Recipe.W8A8, threads, Progress.Stages.NONE);
    Verifier.Options answers = Verifier.Options.of(model).withKind(Optional.of(OutputKind.VALUES));
    return AutoQuantizer.search(quantizer, model, new Noise(40), answers, Optional.empty(), atMost);
  }

  @Test
  void aNetworkThatQuantizesWellStaysWhole() {
    Found result = search(net().model(), 2, Duration.ofMinutes(5));
    assertThat(result.trials()).hasSize(3);
    assertThat(result.judgedOn()).isEqualTo(20);
    assertThat(result.complete()).isTrue();
    assertThat(result.chosen().isGood()).isTrue();
    assertThat(result.chosen().floatLayers()).isZero();
    assertThat(result.trials())
        .as("never worse than simple, where it is as fast")
        .filteredOn(trial -> trial.isSlow() == result.chosen().isSlow())
        .allMatch(trial -> trial.noise() >= AutoQuantizer.HEAD_START * result.chosen().noise());
  }

  @Test
  void onlyWhatRuinsANetworkComputesWithFloats() {
    Found result = search(pathological(), 2, Duration.ofMinutes(5));
    assertThat(result.trials().subList(0, 2)).noneMatch(Trial::isGood);
    assertThat(result.chosen().isGood()).isTrue();
    int layers = result.trials().stream().mapToInt(Trial::floatLayers).max().orElseThrow();
    assertThat(result.trials())
        .as("of %d layers", layers)
        .anyMatch(
            trial -> trial.isGood() && trial.floatLayers() > 0 && trial.floatLayers() < layers);
    // which of the good ones is chosen may depend on how fast they are, which are tried does not
    assertThat(recipes(search(pathological(), 1, Duration.ofMinutes(5))))
        .isEqualTo(recipes(result));
  }

  private static List<Recipe> recipes(Found result) {
    return result.trials().stream().map(Trial::recipe).toList();
  }

  @Test
  void outOfTimeTheSimpleRecipeIsStillTried() {
    Found result = search(net().model(), 2, Duration.ZERO);
    assertThat(result.trials()).hasSize(1);
    assertThat(result.complete()).isFalse();
    assertThat(result.chosen().recipe()).isEqualTo(Recipe.W8A8);
  }

  @Test
  void tooFewSamplesAreRefused() {
    Model model = net().model();
    Quantizer quantizer = new Quantizer(new OrtRuntime(), Recipe.W8A8);
    assertThatThrownBy(() ->
            AutoQuantizer.search(
                quantizer,
                model,
                new Noise(4),
                Verifier.Options.of(model),
                Optional.empty(),
                Duration.ZERO))
        .isInstanceOf(UnusableInputException.class)
        .hasMessageContaining("at least 8");
  }
}
