package dev.halftone;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halftone.calibrate.Exposed;
import dev.halftone.data.Dataset;
import dev.halftone.data.Sample;
import dev.halftone.engine.Backend;
import dev.halftone.engine.Progress;
import dev.halftone.engine.Runner;
import dev.halftone.format.onnx.OnnxWriter;
import dev.halftone.graph.GraphCheck;
import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.recipe.Observer;
import dev.halftone.recipe.Recipe;
import dev.halftone.recipe.Rounding;
import dev.halftone.recipe.Rule;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import dev.halftone.testing.Interpreter;
import dev.halftone.testing.SeparableNet;
import dev.halftone.testing.SeparableNet.Samples;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuantizerTest {

  private static final Backend INTERPRETER = new Interpreter();

  private static Model quantize(Recipe recipe, int threads, Dataset data) {
    return new Quantizer(INTERPRETER, recipe, threads, Progress.Stages.NONE)
        .quantize(SeparableNet.MODEL, data)
        .model();
  }

  private static double sqnr(Model quantized) {
    return SeparableNet.sqnr(INTERPRETER, quantized);
  }

  private static float[] output(Runner runner, Sample sample) {
    return runner.run(sample.inputs()).values().iterator().next().toFloats();
  }

  @Test
  void eightBitsKeepTheAnswers() {
    Model quantized = quantize(Recipe.W8A8, 2, Samples.random(1, 40));
    GraphCheck.check(quantized.graph());
    assertThat(sqnr(quantized)).isGreaterThan(28);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"minmax", "moving-average", "percentile:99.99", "entropy", "mse", "output"})
  void everyObserverGivesAUsableModel(String observer) {
    Recipe recipe = Recipe.W8A8.withObserver(Observer.parse(observer));
    assertThat(sqnr(quantize(recipe, 2, Samples.random(1, 40)))).isGreaterThan(15);
  }

  @Test
  void sixteenBitActivationsRunAndLoseLess() {
    Recipe one = Recipe.W8A8.overriding(List.of(Rule.activations("pw", 16)));
    double bar = sqnr(quantize(Recipe.W8A8, 2, Samples.random(1, 40)));
    assertThat(sqnr(quantize(one, 2, Samples.random(1, 40)))).isGreaterThan(bar - 1);
    assertThat(sqnr(quantize(Recipe.W8A16, 2, Samples.random(1, 40)))).isGreaterThan(bar + 6);
  }

  @Test
  void biasCorrectionGainsWhereWeightsAreCoarse() {
    Recipe coarse = Recipe.W4A8.withoutSamples();
    double plain = sqnr(quantize(coarse, 2, Samples.random(1, 40)));
    double corrected = sqnr(quantize(coarse.withBiasCorrection(), 2, Samples.random(1, 40)));
    assertThat(corrected).isGreaterThan(plain + 1);
  }

  @Test
  void solvingGainsWhereWeightsAreCoarse() {
    Recipe nearest = Recipe.W4A8.withRounding(Rounding.NEAREST);
    double rounded = sqnr(quantize(nearest, 2, Samples.random(1, 60)));
    double solved = sqnr(quantize(Recipe.W4A8, 2, Samples.random(1, 60)));
    assertThat(solved).isGreaterThan(rounded + 2);
    double uncorrected =
        sqnr(quantize(Recipe.W4A8.withoutBiasCorrection(), 2, Samples.random(1, 60)));
    assertThat(uncorrected).isGreaterThan(rounded);
  }

  @Test
  void sixteenBitActivationsLeaveTheErrorOfTheWeights() {
    double eight = sqnr(quantize(Recipe.W8A8, 2, Samples.random(1, 40)));
    assertThat(sqnr(quantize(Recipe.W8A16, 2, Samples.random(1, 40)))).isGreaterThan(eight + 3);
    assertThat(sqnr(quantize(Recipe.W4A16, 2, Samples.random(1, 40))))
        .isGreaterThan(sqnr(quantize(Recipe.W4A8, 2, Samples.random(1, 40))) - 1);
  }

  /// Codes above 15 would show as a smaller error than that of a grid of 16.
  @Test
  void fourBitActivationsTakeSixteenValues() {
    Model model = quantize(Recipe.W4A4, 2, Samples.random(1, 60));
    List<Node> clamps = model.graph().nodes().stream().filter(node -> node.is("Clip")).toList();
    assertThat(clamps).as("dw.r, sum, dw2.r").hasSize(3);
    List<String> integers = clamps.stream().map(Node::output).toList();
    Model exposed = Exposed.tensors(model, integers);
    try (Runner runner = INTERPRETER.open(exposed, Backend.Options.SERVING)) {
      for (Sample sample : Samples.random(99, 5).samples()) {
        Map<String, Tensor> made = runner.run(sample.inputs());
        for (String name : integers) {
          Tensor codes = requireNonNull(made.get(name));
          assertThat(highest(codes)).as(name).isEqualTo(15);
        }
      }
    }
    double solved = sqnr(model);
    assertThat(solved)
        .isGreaterThan(sqnr(quantize(Recipe.W4A4.withoutSamples(), 2, Samples.random(1, 60))));
  }

  @Test
  void whatIsAddedKeepsEightBitsWhereLayersMultiplyFour() {
    Model blocks = TinyNets.twoBlocks();
    Model model =
        new Quantizer(INTERPRETER, Recipe.W4A4).quantize(blocks, Samples.random(1, 40)).model();
    List<String> copies =
        model.graph().nodes().stream().filter(node -> node.is("Clip")).map(Node::output).toList();
    assertThat(copies).as("one.r for b").hasSize(1);
    GraphIndex index = new GraphIndex(model.graph());
    String codes = index.producer(copies.getFirst()).orElseThrow().input(0);
    String sum = index.producer(codes).orElseThrow().input(0);
    assertThat(index.consumers(sum)).as("the sum two reads what was rounded to 8 bits").hasSize(2);
    assertThat(index.producer(sum).orElseThrow().opType()).isEqualTo("DequantizeLinear");
  }

  @Test
  void threadsAndOrderDoNotChangeAByteOfASolvedModel() {
    Samples data = Samples.random(1, 20);
    byte[] one = bytes(quantize(Recipe.W4A8, 1, data));
    assertThat(bytes(quantize(Recipe.W4A8, 3, data))).as("three threads").isEqualTo(one);
    assertThat(bytes(quantize(Recipe.W4A8, 2, data.shuffled()))).as("other order").isEqualTo(one);
  }

  @Test
  void threadsAndOrderDoNotChangeAByte() {
    Samples data = Samples.random(1, 40);
    byte[] one = bytes(quantize(Recipe.W8A8, 1, data));
    assertThat(bytes(quantize(Recipe.W8A8, 1, data))).as("again").isEqualTo(one);
    assertThat(bytes(quantize(Recipe.W8A8, 3, data))).as("three threads").isEqualTo(one);
    assertThat(bytes(quantize(Recipe.W8A8, 2, data.shuffled()))).as("another order").isEqualTo(one);
  }

  @Test
  void threadsAndOrderDoNotChangeRangesByTheOutput() {
    Recipe recipe = Recipe.W4A4.withRounding(Rounding.NEAREST).withObserver(new Observer.Output());
    Samples data = Samples.random(1, 40);
    byte[] one = bytes(quantize(recipe, 1, data));
    assertThat(bytes(quantize(recipe.withObserver(new Observer.Mse()), 1, data)))
        .as("some range is another")
        .isNotEqualTo(one);
    assertThat(bytes(quantize(recipe, 3, data))).as("three threads").isEqualTo(one);
    assertThat(bytes(quantize(recipe, 2, data.shuffled()))).as("another order").isEqualTo(one);
  }

  @Test
  void floatActivationsLeaveOnlyTheErrorOfTheWeights() {
    Model model = quantize(Recipe.W8A32, 2, Samples.random(1, 40));
    assertThat(model.graph().nodes()).noneMatch(node -> node.opType().startsWith("Quantize"));
    assertThat(OnnxWriter.toBytes(model).byteSize())
        .isLessThan(OnnxWriter.toBytes(SeparableNet.MODEL).byteSize() * 7 / 10);
    double wide = sqnr(model);
    assertThat(wide).isGreaterThan(sqnr(quantize(Recipe.W8A8, 2, Samples.random(1, 40))) + 3);
    Recipe solved = Recipe.W8A32.withRounding(Rounding.LEAST_SQUARES);
    assertThat(sqnr(quantize(solved, 2, Samples.random(1, 40)))).isGreaterThan(wide);
  }

  private static float highest(Tensor tensor) {
    float highest = Float.NEGATIVE_INFINITY;
    for (float value : tensor.toFloats()) {
      highest = Math.max(highest, value);
    }
    return highest;
  }

  private static byte[] bytes(Model model) {
    return OnnxWriter.toBytes(model).toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
  }

  @Test
  void aDeadChannelWithABiasStillGivesItsBias() {
    float[] bias = {1, -2, 3, 0.5f};
    Model model =
        Networks.input(7, -1, 3, 12, 12)
            .conv("c", 3, 4, 1, 1)
            .constant(
                "c.weight",
                Tensor.of(
                    new Shape(4, 3, 1, 1),
                    new float[] {1e-12f, 0, 0, 0, 0, 0, 1, 2, 3, 1e-30f, 0, 0}))
            .constant("c.bias", Tensor.vector(bias))
            .op("GlobalAveragePool", "p", "c")
            .model();
    Samples data = Samples.random(2, 10);
    Model quantized = new Quantizer(INTERPRETER, Recipe.W8A8).quantize(model, data).model();
    try (Runner runner = INTERPRETER.open(quantized, Backend.Options.SERVING)) {
      float[] out = output(runner, data.sample(0));
      assertThat(out[0]).isBetween(0.9f, 1.1f);
      assertThat(out[1]).isBetween(-2.1f, -1.9f);
      assertThat(out[3]).isBetween(0.4f, 0.6f);
    }
  }

  @Test
  void nothingToQuantizeIsSaid() {
    Model model = Networks.input(1, -1, 3, 12, 12).op("Tanh", "t", "input").model();
    assertThatThrownBy(
            () -> new Quantizer(INTERPRETER, Recipe.W8A8).quantize(model, Samples.random(1, 2)))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContaining("nothing to quantize");
  }

  @Test
  void noDataIsSaid() {
    assertThatThrownBy(() -> quantize(Recipe.W8A8, 1, Samples.random(1, 0)))
        .isInstanceOf(UnusableInputException.class)
        .hasMessageContaining("nothing to calibrate");
  }
}
