package dev.halftone.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halftone.Networks;
import dev.halftone.Noise;
import dev.halftone.Quantizer;
import dev.halftone.UnusableInputException;
import dev.halftone.data.Dataset;
import dev.halftone.data.Sample;
import dev.halftone.device.Device;
import dev.halftone.device.Devices;
import dev.halftone.engine.Backend;
import dev.halftone.engine.Progress;
import dev.halftone.engine.Runner;
import dev.halftone.engine.integer.IntegerEngine;
import dev.halftone.graph.Model;
import dev.halftone.integer.IntegerGraph;
import dev.halftone.meaning.OutputKind;
import dev.halftone.recipe.ActivationScheme;
import dev.halftone.recipe.Recipe;
import dev.halftone.recipe.Rule;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import dev.halftone.testing.Interpreter;
import dev.halftone.verify.Verifier;
import dev.halftone.verify.VerifyOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.IntStream;
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

  /// One channel of the first layer is so many times as large as the others, and the next layer makes that up: no 8-bit scale serves
  /// both. The sum that stands between keeps them from being equalized.
  private static Networks pathological(float times) {
    Model model = net().model();
    float[] stem = model.graph().constant("stem.weight").orElseThrow().toFloats();
    float[] next = model.graph().constant("pw.weight").orElseThrow().toFloats();
    for (int i = 0; i < 27; i++) {
      stem[i] *= times;
    }
    for (int output = 0; output < 16; output++) {
      next[output * 16] /= times;
    }
    return Networks.input(3, -1, 3, 12, 12)
        .conv("stem", 3, 16, 3, 1)
        .relu("stem.r")
        .op("Add", "stem.twice", "stem.r", "stem.r")
        .conv("pw", 16, 16, 1, 1)
        .relu("pw.r")
        .conv("pw2", 16, 24, 1, 1)
        .relu("pw2.r")
        .constant("stem.weight", Tensor.of(new Shape(16, 3, 3, 3), stem))
        .constant("pw.weight", Tensor.of(new Shape(16, 16, 1, 1), next));
  }

  private static Model ruined() {
    return pathological(1e4f).head("logits", 24, 10).model();
  }

  private static SearchResult search(Model model, int threads, Duration atMost) {
    return search(model, Devices.ONNX_RUNTIME_CPU, threads, atMost);
  }

  private static Quantizer quantizer(Recipe recipe, Device device, int threads) {
    return new Quantizer(new Interpreter(), recipe, device, threads, Progress.Stages.NONE);
  }

  private static SearchResult search(Model model, Device device, int threads, Duration atMost) {
    return search(model, quantizer(Recipe.W8A8, device, threads), atMost, 0.2);
  }

  /// Speed is not measured: it is told by the layers in integers.
  ///
  /// @param gain by which each layer in integers makes the network faster than in float
  private static SearchResult search(
      Model model, Quantizer quantizer, Duration atMost, double gain) {
    VerifyOptions answers = VerifyOptions.of(model).withKind(Optional.of(OutputKind.VALUES));
    Pace pace =
        (made, _, _, _) -> 1 + gain * (made.plan().layers().size() - made.plan().floatLayers());
    return AutoQuantizer.search(
        quantizer, model, new Noise(40), new SearchTerms(answers, Optional.empty(), atMost, pace));
  }

  @Test
  void aNetworkThatQuantizesWellStaysWhole() {
    SearchResult result = search(net().model(), 2, Duration.ofMinutes(5));
    assertThat(result.trials()).hasSize(3);
    assertThat(result.judgedOn()).isEqualTo(20);
    assertThat(result.complete()).isTrue();
    assertThat(result.chosen().isGood()).isTrue();
    assertThat(result.chosen().cost().exempt()).isZero();
    assertThat(result.trials())
        .allMatch(trial -> trial.noise() >= Ranking.HEAD_START * result.chosen().noise());
  }

  /// Weights alone as integers are nearer to the float model, and 8-bit activations would have to be faster than that.
  @Test
  void whatIsGoodButNotFasterThanFloatGivesWayToFloats() {
    Model model = net().model();
    Quantizer quantizer = quantizer(Recipe.W8A8, Devices.ONNX_RUNTIME_CPU, 2);
    SearchResult result = search(model, quantizer, Duration.ofMinutes(5), -0.01);
    assertThat(result.trials().getFirst().isGood()).isTrue();
    assertThat(result.chosen().recipe())
        .isEqualTo(Recipe.W8A8.withActivations(new ActivationScheme.Float()));
  }

  @Test
  void onlyWhatRuinsANetworkComputesWithFloats() {
    SearchResult result = search(ruined(), 2, Duration.ofMinutes(5));
    assertThat(result.trials().getFirst().isGood()).isFalse();
    assertThat(result.chosen().isGood()).isTrue();
    int layers =
        result.trials().stream().mapToInt(trial -> trial.cost().exempt()).max().orElseThrow();
    assertThat(result.trials())
        .as("of %d layers", layers)
        .anyMatch(
            trial -> trial.isGood() && trial.cost().exempt() > 0 && trial.cost().exempt() < layers);
    assertThat(result.trials().get(1).recipe())
        .as("the first to fall back on")
        .isEqualTo(Recipe.W8A8.withActivations(new ActivationScheme.Float()));
    assertThat(result.chosen().cost().exempt())
        .as("float where it must be")
        .isBetween(1, layers - 1);
    SearchResult again = search(ruined(), 1, Duration.ofMinutes(5));
    assertThat(recipes(again)).isEqualTo(recipes(result));
    assertThat(again.recipe()).isEqualTo(result.recipe());
  }

  /// The large channel makes that of the first layer and of the sum behind it; 16 bits hold it beside the others.
  @Test
  void withoutFloatsOnlyWhatRuinsANetworkHas16Bits() {
    Model model = pathological(60).model();
    SearchResult result = search(model, Devices.INTEGERS_ONLY, 2, Duration.ofMinutes(5));
    assertThat(result.trials().getFirst().isGood()).isFalse();
    assertThat(result.trials()).allMatch(trial -> trial.cost().speed().isEmpty());
    assertThat(result.chosen().isGood()).isTrue();
    assertThat(result.recipe().rules().named())
        .containsExactlyInAnyOrder(
            Rule.activations("stem", 16), Rule.activations("stem.twice", 16));
    assertThat(result.chosen().cost().exempt()).isEqualTo(2);
    assertThat(decibels(model, result.recipe()))
        .isGreaterThan(20)
        .isGreaterThan(decibels(model, Recipe.W8A8) + 8);
    assertThat(search(model, Devices.INTEGERS_ONLY, 1, Duration.ofMinutes(5)).recipe())
        .isEqualTo(result.recipe());
  }

  /// Of the integer engine, on other samples.
  private static double decibels(Model model, Recipe recipe) {
    Quantizer quantizer = quantizer(recipe, Devices.INTEGERS_ONLY, 2);
    Dataset all = new Noise(60);
    IntegerGraph graph = quantizer.lower(quantizer.quantize(model, new Noise(40)));
    try (Runner real = new Interpreter().open(model, Backend.Options.SERVING);
        Runner engine = new IntegerEngine(graph)) {
      Dataset others = all.select(IntStream.range(40, 60).toArray());
      return Verifier.compare(real, engine, others, VerifyOptions.DEFAULT).sqnr().decibels();
    }
  }

  private static List<Recipe> recipes(SearchResult result) {
    return result.trials().stream().map(Candidate::recipe).toList();
  }

  @Test
  void outOfTimeTheSimpleRecipeIsStillTried() {
    SearchResult result = search(net().model(), 2, Duration.ZERO);
    assertThat(result.trials()).hasSize(1);
    assertThat(result.complete()).isFalse();
    assertThat(result.chosen().recipe()).isEqualTo(Recipe.W8A8);
  }

  @Test
  void outOfTimeARuinedNetworkHasItsWeightsAloneInIntegers() {
    SearchResult result = search(ruined(), 2, Duration.ZERO);
    assertThat(result.complete()).isFalse();
    assertThat(result.trials()).hasSize(2);
    assertThat(result.chosen().recipe())
        .isEqualTo(Recipe.W8A8.withActivations(new ActivationScheme.Float()));
    assertThat(result.chosen().noise()).isLessThan(result.trials().getFirst().noise() / 10);
  }

  /// One hidden layer, which holds nearly all weights.
  @Test
  void aModelThatWorksComesBeforeASmallOne() {
    Random random = new Random(1);
    float[] first = new float[6 * 64];
    for (int i = 0; i < first.length; i++) {
      first[i] = (float) (random.nextGaussian() / unlike(i / 64));
    }
    float[] last = new float[64 * 2];
    for (int i = 0; i < last.length; i++) {
      last[i] = (float) random.nextGaussian();
    }
    Model model =
        Networks.input(1, -1, 6)
            .constant("w1", Tensor.of(new Shape(6, 64), first))
            .op("MatMul", "hidden", "input", "w1")
            .relu("r")
            .constant("w2", Tensor.of(new Shape(64, 2), last))
            .op("MatMul", "y", "r", "w2")
            .model();
    VerifyOptions answers = VerifyOptions.of(model).withKind(Optional.of(OutputKind.VALUES));
    SearchResult result =
        AutoQuantizer.search(
            quantizer(Recipe.W8A8, Devices.ONNX_RUNTIME_CPU, 2),
            model,
            new Columns(40),
            new SearchTerms(answers, Optional.empty(), Duration.ofMinutes(5), (_, _, _, _) -> 1));
    assertThat(result.recipe().rules().kept()).containsExactly(Rule.keepFloat("hidden"));
    assertThat(result.chosen().isGood()).isTrue();
  }

  private static float unlike(int column) {
    return (float) Math.pow(10, column);
  }

  /// Raw columns, each ten times as large as the one before.
  private record Columns(int size) implements Dataset {
    @Override
    public Sample sample(int index) {
      Random random = new Random(index);
      float[] values = new float[6];
      for (int i = 0; i < values.length; i++) {
        values[i] = unlike(i) * (float) random.nextGaussian();
      }
      return new Sample(
          "s" + index, Map.of("input", Tensor.of(new Shape(1, 6), values)), OptionalInt.empty());
    }

    @Override
    public String description() {
      return size + " rows of a table";
    }
  }

  @Test
  void tooFewSamplesAreRefused() {
    Model model = net().model();
    Quantizer quantizer = new Quantizer(new Interpreter(), Recipe.W8A8);
    assertThatThrownBy(() ->
            AutoQuantizer.search(
                quantizer,
                model,
                new Noise(4),
                new SearchTerms(VerifyOptions.of(model), Optional.empty(), Duration.ZERO)))
        .isInstanceOf(UnusableInputException.class)
        .hasMessageContaining("at least 8");
  }
}
