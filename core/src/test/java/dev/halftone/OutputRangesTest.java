package dev.halftone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.data.Dataset;
import dev.halftone.data.Sample;
import dev.halftone.device.Devices;
import dev.halftone.engine.Backend;
import dev.halftone.engine.Progress;
import dev.halftone.graph.Model;
import dev.halftone.plan.Plan;
import dev.halftone.recipe.ActivationScheme;
import dev.halftone.recipe.Observer;
import dev.halftone.recipe.Recipe;
import dev.halftone.recipe.Rule;
import dev.halftone.scheme.Scales;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import dev.halftone.testing.Interpreter;
import dev.halftone.verify.Losses;
import dev.halftone.verify.NetworkOutputs;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OutputRangesTest {

  private static final Backend INTERPRETER = new Interpreter();

  private static final int SIZE = 24;

  /// Normal numbers, and one of about `outlier` in every second sample.
  private record Spiked(long seed, int size, float outlier) implements Dataset {
    @Override
    public Sample sample(int index) {
      Random random = new Random(1000 * seed + index);
      float[] values = new float[3 * SIZE * SIZE];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) random.nextGaussian();
      }
      if (index % 2 == 0) {
        values[random.nextInt(values.length)] = outlier * (1 + random.nextFloat() / 4);
      }
      Tensor picture = Tensor.of(new Shape(1, 3, SIZE, SIZE), values);
      return new Sample("s" + index, Map.of("input", picture), OptionalInt.empty());
    }

    @Override
    public String description() {
      return size + " pictures with spikes";
    }
  }

  /// `t` is the input; what is read of it is `clamp(t + shift)`.
  private static Model reading(float shift, float high) {
    Tensor same = Tensor.of(new Shape(3, 3, 1, 1), new float[] {1, 0, 0, 0, 1, 0, 0, 0, 1});
    return Networks.input(3, -1, 3, SIZE, SIZE)
        .conv("t", 3, 3, 1, 1)
        .constant("t.weight", same)
        .constant("t.bias", Tensor.vector(0f, 0f, 0f))
        .conv("u", 3, 3, 1, 1)
        .constant("u.weight", same)
        .constant("u.bias", Tensor.vector(shift, shift, shift))
        .constant("low", Tensor.scalar(0))
        .constant("high", Tensor.scalar(high))
        .op("Clip", "read", "u", "low", "high")
        .head("logits", 3, 4)
        .model();
  }

  private static Quantized quantize(Model model, Recipe recipe, Dataset data) {
    return new Quantizer(INTERPRETER, recipe, 2, Progress.Stages.NONE).quantize(model, data);
  }

  private static Plan.RangeChoice range(Quantized quantized, String tensor) {
    return quantized.plan().ranges().stream()
        .filter(range -> range.tensor().equals(tensor))
        .findFirst()
        .orElseThrow();
  }

  /// On samples that nothing was chosen by.
  private static double error(Model model, Quantized quantized, float outlier) {
    Dataset fresh = new Spiked(2, 40, outlier);
    NetworkOutputs outputs = NetworkOutputs.besides(INTERPRETER, model, fresh, 2);
    return Losses.of(outputs.of(model), outputs.of(quantized.model())).mean();
  }

  @Test
  void rareValuesThatDecideTheOutputAreKept() {
    Model model = reading(-10, 100);
    Recipe mse = Recipe.W8A8.withoutEqualization().overriding(List.of(Rule.activations("t", 3)));
    Dataset data = new Spiked(1, 40, 20);
    Quantized before = quantize(model, mse, data);
    assertThat(range(before, "t").chosen().high()).as("squared error cuts them off").isLessThan(10);
    Quantized after = quantize(model, mse.withObserver(new Observer.Output()), data);
    assertThat(range(after, "t").reason()).startsWith("output error: ").doesNotEndWith("mse");
    assertThat(range(after, "t").chosen().high()).isGreaterThan(20);
    assertThat(error(model, after, 20)).isLessThan(error(model, before, 20) / 2);
  }

  @Test
  void largeValuesThatTheOutputDoesNotSeeAreCutOff() {
    Model model = reading(0, 3);
    Recipe mse = Recipe.W8A16.withoutEqualization().overriding(List.of(Rule.activations("t", 8)));
    Dataset data = new Spiked(1, 40, 1000);
    Quantized before = quantize(model, mse, data);
    assertThat(range(before, "t").chosen().high()).isGreaterThan(200);
    Quantized after = quantize(model, mse.withObserver(new Observer.Output()), data);
    assertThat(range(after, "t").reason()).startsWith("output error: ").doesNotEndWith("mse");
    assertThat(range(after, "t").chosen().high()).isLessThan(10);
    assertThat(error(model, after, 1000)).isLessThan(error(model, before, 1000) / 2);
  }

  @Test
  void powersOfTwoStayPowersOfTwo() {
    Recipe recipe = Recipe.FIXED.withoutEqualization().withObserver(new Observer.Output());
    Quantized quantized = quantize(reading(0, 3), recipe, new Spiked(1, 40, 1000));
    assertThat(range(quantized, "t").reason())
        .startsWith("output error: ")
        .endsWith(", power of two");
    assertThat(quantized.plan().activations().values())
        .allSatisfy(
            grid -> assertThat(Scales.POWERS_OF_TWO.up(grid.scale())).isEqualTo(grid.scale()));
  }

  @Test
  void whatAKernelDictatesStands() {
    Model model =
        Networks.input(3, -1, 3, SIZE, SIZE)
            .conv("t", 3, 3, 1, 1)
            .head("logits", 3, 4)
            .op("Softmax", "scores", "logits")
            .model();
    Recipe recipe = Recipe.W8A8.withObserver(new Observer.Output());
    Quantizer quantizer =
        new Quantizer(INTERPRETER, recipe, Devices.INTEGERS_ONLY, 2, Progress.Stages.NONE);
    Quantized quantized = quantizer.quantize(model, new Spiked(1, 20, 20));
    assertThat(range(quantized, "scores").reason()).isEqualTo("kernel");
    assertThat(range(quantized, "input").reason()).startsWith("output error: ");
    assertThat(quantizer.lower(quantized).ops()).isNotEmpty();
  }

  @Test
  void whereNothingIsRoundedOrNothingCanBeToldApartMseStands() {
    Model model = reading(-10, 100);
    Recipe recipe = Recipe.W8A8.withoutEqualization().withObserver(new Observer.Output());
    Dataset data = new Spiked(1, 40, 20);
    assertThat(
            quantize(model, recipe.withActivations(new ActivationScheme.Float()), data)
                .plan()
                .ranges())
        .isEmpty();
    Quantized single = quantize(model, recipe, data.select(0));
    assertThat(single.plan().ranges()).extracting(Plan.RangeChoice::reason).containsOnly("mse");
  }

  @Test
  void progressIsTold() {
    List<String> stages = new ArrayList<>();
    Recipe recipe = Recipe.W8A8.withoutSamples().withObserver(new Observer.Output());
    new Quantizer(
            INTERPRETER,
            recipe,
            1,
            (title, _) -> {
              stages.add(title);
              return Progress.NONE;
            })
        .quantize(reading(0, 3), new Spiked(1, 10, 20));
    assertThat(stages)
        .containsSubsequence("Measuring what each range costs", "Choosing ranges")
        .as("no layer is settled for the sake of ranges")
        .doesNotContain("Correcting biases", "Solving layers");
  }
}
