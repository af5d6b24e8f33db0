package dev.halftone.onnxruntime;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.Quantized;
import dev.halftone.Quantizer;
import dev.halftone.data.Dataset;
import dev.halftone.data.Sample;
import dev.halftone.engine.Backend;
import dev.halftone.engine.Runner;
import dev.halftone.format.onnx.OnnxWriter;
import dev.halftone.graph.Model;
import dev.halftone.metric.Sqnr;
import dev.halftone.plan.LayerPlan;
import dev.halftone.plan.QuantizedLayer;
import dev.halftone.recipe.Recipe;
import dev.halftone.recipe.Rounding;
import dev.halftone.recipe.Rule;
import dev.halftone.scheme.QuantizedWeight;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import dev.halftone.verify.Cases;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Networks in which several layers read one initializer: a block that is run eight times, and two branches that compute the same.
class SharedWeightsOnOrtTest {

  private static final OrtRuntime ORT = new OrtRuntime();

  private static final Model ALBERT = Cases.model("shared-weights/albert");
  private static final Model SIAMESE = Cases.model("shared-weights/siamese");

  private record Noise(Map<String, Shape> inputs) implements Dataset {

    static Noise of(Model model) {
      return new Noise(
          model == ALBERT
              ? Map.of("x", new Shape(1, 12, 64))
              : Map.of("a", new Shape(1, 3, 16, 16), "b", new Shape(1, 3, 16, 16)));
    }

    @Override
    public int size() {
      return 32;
    }

    @Override
    public Sample sample(int index) {
      Map<String, Tensor> tensors = new HashMap<>();
      inputs.forEach((name, shape) -> {
        Random random = new Random(31L * index + name.hashCode());
        float[] values = new float[(int) shape.count()];
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) random.nextGaussian();
        }
        tensors.put(name, Tensor.of(shape, values));
      });
      return new Sample("n" + index, tensors, OptionalInt.empty());
    }

    @Override
    public String description() {
      return "noise";
    }
  }

  private static Quantized quantize(Model model, Recipe recipe) {
    return new Quantizer(ORT, recipe).quantize(model, Noise.of(model));
  }

  private static double decibels(Model model, Model quantized) {
    Noise data = Noise.of(model);
    Sqnr sum = Sqnr.NONE;
    try (Runner real = ORT.open(model, Backend.Options.SERVING);
        Runner rounded = ORT.open(quantized, Backend.Options.SERVING)) {
      for (int i = 0; i < data.size(); i++) {
        sum = sum.plus(Sqnr.of(only(real, data.sample(i)), only(rounded, data.sample(i))));
      }
    }
    return sum.decibels();
  }

  private static float[] only(Runner runner, Sample sample) {
    return runner.run(sample.inputs()).values().iterator().next().toFloats();
  }

  private static Set<QuantizedWeight> weights(Quantized quantized, String initializer) {
    Set<QuantizedWeight> weights = new HashSet<>();
    for (LayerPlan planned : quantized.plan().layers()) {
      if (planned.layer().weight().equals(initializer)) {
        weights.add(requireNonNull(quantized.layers().get(planned.layer().key())).weight());
      }
    }
    return weights;
  }

  /// Bytes of what takes its bits from many weights, and of the nodes around.
  @ParameterizedTest
  @CsvSource({
    "albert, w8a8, 0.32, 28",
    "albert, w8a32, 0.29, 33",
    "albert, w4a8, 0.20, 12",
    "siamese, w8a8, 0.29, 40",
    "siamese, w8a32, 0.28, 40",
    "siamese, w4a8, 0.16, 35"
  })
  void anInitializerIsStoredOnce(String name, String recipe, double share, double least) {
    Model model = name.equals("albert") ? ALBERT : SIAMESE;
    Quantized quantized = quantize(model, Recipe.named(recipe));
    assertThat((double) OnnxWriter.size(quantized.model()) / OnnxWriter.size(model))
        .isLessThan(share);
    assertThat(decibels(model, quantized.model())).isGreaterThan(least);
  }

  /// What layers see later counts too: solved on the first layer's inputs alone the weights would be no better than rounded to the nearest.
  @Test
  void oneSolutionServesAllUsers() {
    Recipe few = Recipe.W8A32.overriding(List.of(Rule.weights("*", 4)));
    Quantized nearest = quantize(ALBERT, few.withRounding(Rounding.NEAREST));
    Quantized solved = quantize(ALBERT, few.withRounding(Rounding.LEAST_SQUARES));
    assertThat(weights(solved, "W1")).hasSize(1);
    assertThat(weights(solved, "W2")).hasSize(1);
    assertThat(decibels(ALBERT, solved.model()))
        .isGreaterThan(decibels(ALBERT, nearest.model()) + 3);
  }

  /// The bias of a user is its own: means are corrected behind each.
  @Test
  void usersKeepBiasesOfTheirOwn() {
    Quantized quantized = quantize(SIAMESE, Recipe.W8A8);
    List<QuantizedLayer> users =
        quantized.plan().layers().stream()
            .filter(planned -> planned.layer().weight().equals("w2"))
            .map(planned -> quantized.layers().get(planned.layer().key()))
            .toList();
    assertThat(users).hasSize(2);
    assertThat(users.getFirst().weight()).isSameAs(users.getLast().weight());
    assertThat(Arrays.equals(users.getFirst().bias(), users.getLast().bias())).isFalse();
  }
}
