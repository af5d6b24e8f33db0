package dev.halftone.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.Networks;
import dev.halftone.Noise;
import dev.halftone.Quantizer;
import dev.halftone.engine.Progress;
import dev.halftone.graph.Model;
import dev.halftone.meaning.OutputKind;
import dev.halftone.recipe.Recipe;
import dev.halftone.recipe.Rounding;
import dev.halftone.recipe.Rule;
import dev.halftone.recipe.WeightScheme;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import dev.halftone.testing.Interpreter;
import dev.halftone.verify.VerifyOptions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FewestBitsTest {

  /// With codebooks 2 bits are enough for such small networks.
  private static final Recipe EVEN = Recipe.W8A8.withRounding(Rounding.LEAST_SQUARES);

  private static Networks net() {
    return Networks.input(3, -1, 3, 12, 12)
        .conv("stem", 3, 16, 3, 1)
        .relu("stem.r")
        .conv("wide", 16, 64, 3, 1)
        .relu("wide.r")
        .conv("narrow", 64, 16, 1, 1)
        .relu("narrow.r")
        .head("logits", 16, 10);
  }

  private static SearchResult search(Model model, Duration atMost) {
    Quantizer quantizer = new Quantizer(new Interpreter(), EVEN, 2, Progress.Stages.NONE);
    VerifyOptions answers = VerifyOptions.of(model).withKind(Optional.of(OutputKind.VALUES));
    return FewestBits.search(
        quantizer, model, new Noise(40), new SearchTerms(answers, Optional.empty(), atMost));
  }

  private static List<Integer> bits(SearchResult found) {
    return found.chosen().recipe().rules().named().stream()
        .map(rule -> ((WeightScheme.Integers) rule.weights().orElseThrow()).bits())
        .toList();
  }

  @Test
  void asFewAsAreGoodAndHardlyMore() {
    SearchResult found = search(net().model(), Duration.ofMinutes(5));
    assertThat(found.complete()).isTrue();
    assertThat(found.chosen().isGood()).isTrue();
    assertThat(found.trials())
        .filteredOn(trial -> trial.cost().bytes() < found.chosen().cost().bytes())
        .isNotEmpty()
        .noneMatch(Candidate::isGood);
    assertThat(found.chosen().cost().bytes())
        .isLessThan(found.trials().getFirst().cost().bytes() * 3 / 4);
  }

  /// Weights of two values lose nothing in 2 bits.
  @Test
  void weightsOfTwoValuesTakeTwoBits() {
    Networks net = net();
    Model plain = net.model();
    for (String layer : List.of("stem", "wide", "narrow", "logits")) {
      Tensor weight = plain.graph().constant(layer + ".weight").orElseThrow();
      float[] values = weight.toFloats();
      for (int i = 0; i < values.length; i++) {
        values[i] = Math.copySign(0.2f, values[i]);
      }
      net.constant(layer + ".weight", Tensor.of(weight.shape(), values));
    }
    assertThat(bits(search(net.model(), Duration.ofMinutes(5)))).hasSize(4).containsOnly(2);
  }

  @Test
  void outOfTimeEightBitsAreStillTried() {
    SearchResult found = search(net().model(), Duration.ZERO);
    assertThat(found.trials()).hasSize(1);
    assertThat(found.complete()).isFalse();
    assertThat(found.chosen().recipe()).isEqualTo(EVEN);
  }

  @Test
  void whereEightBitsDoNotDoNothingElseIsTried() {
    Networks net = net();
    float[] weights = net.model().graph().constant("stem.weight").orElseThrow().toFloats();
    for (int i = 0; i < 27; i++) {
      weights[i] *= 1e6f; // a sum keeps the channels from being equalized
    }
    Model model =
        Networks.input(3, -1, 3, 12, 12)
            .conv("stem", 3, 16, 3, 1)
            .constant("stem.weight", Tensor.of(new Shape(16, 3, 3, 3), weights))
            .relu("stem.r")
            .op("Add", "twice", "stem.r", "stem.r")
            .head("logits", 16, 10)
            .constant("logits.weight", withoutTheFirst(10, 16))
            .model();
    SearchResult found = search(model, Duration.ofMinutes(5));
    assertThat(found.trials()).hasSize(1);
    assertThat(found.chosen().isGood()).isFalse();
    assertThat(found.recipe().rules().named()).isEqualTo(List.<Rule>of());
  }

  private static Tensor withoutTheFirst(int classes, int channels) {
    float[] weights = new float[classes * channels];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = i % channels == 0 ? 0 : (float) Math.sin(i);
    }
    return Tensor.of(new Shape(classes, channels), weights);
  }
}
