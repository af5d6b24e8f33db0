package dev.halftone.onnxruntime;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.Normal;
import dev.halftone.Quantized;
import dev.halftone.Quantizer;
import dev.halftone.data.Dataset;
import dev.halftone.data.Sample;
import dev.halftone.engine.Backend;
import dev.halftone.engine.Runner;
import dev.halftone.form.BlockWise;
import dev.halftone.form.Folded;
import dev.halftone.form.StaticIntegers;
import dev.halftone.format.onnx.OnnxWriter;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.graph.Sketch;
import dev.halftone.measure.OptimizedGraph;
import dev.halftone.metric.Sqnr;
import dev.halftone.recipe.Recipe;
import dev.halftone.recipe.Rounding;
import dev.halftone.recipe.Rule;
import dev.halftone.recipe.WeightScheme;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Weights with a scale for each block of a matrix, as standard DequantizeLinear, in the runtime that reads them.
class BlocksOnOrtTest {

  private static final OrtRuntime ORT = new OrtRuntime();
  private static final int IN = 128;
  private static final int OUT = 256;

  private record Vectors() implements Dataset {

    @Override
    public int size() {
      return 60;
    }

    @Override
    public Sample sample(int index) {
      // neighbours are alike, as activations are
      float[] values = Normal.tensor(new Random(index), 1, 24, IN).toFloats();
      for (int i = 1; i < values.length; i++) {
        values[i] = 0.8f * values[i - 1] + 0.6f * values[i];
      }
      Tensor x = Tensor.of(new Shape(24, IN), values);
      return new Sample("s" + index, Map.of("x", x), OptionalInt.empty());
    }

    @Override
    public String description() {
      return "vectors";
    }
  }

  /// A product, a Gemm whose matrix is transposed, and a product over 20 weights, which are no whole number of blocks.
  private static Model net() {
    return Sketch.opset(17)
        .input("x", "N", IN)
        .constant("w", Normal.tensor(new Random(1), 1, IN, OUT))
        .constant("v", Normal.tensor(new Random(2), 1, 200, OUT))
        .constant("b", Normal.tensor(new Random(3), 1, 200))
        .constant("low", Normal.tensor(new Random(4), 1, 20, 64))
        .ints("start", 0)
        .ints("end", 20)
        .ints("axis", 1)
        .node("MatMul", "x w", "a")
        .node("Softplus", "a", "r") // behind Relu ONNX Runtime leaves the first one as it is
        .node("Gemm", "r v b", "g", "transB", 1)
        .node("Slice", "g start end axis", "few")
        .node("MatMul", "few low", "y")
        .output("g")
        .output("y")
        .model();
  }

  private static Rule blocks(String op, int bits, int group) {
    return new Rule(
        Optional.empty(),
        Optional.of(op),
        Optional.of(new WeightScheme.Integers(bits, Optional.of(group))),
        Optional.empty());
  }

  private static Recipe recipe(int bits, int group, Rounding rounding) {
    return Recipe.W8A32
        .overriding(List.of(blocks("MatMul", bits, group), blocks("Gemm", bits, group)))
        .withRounding(rounding);
  }

  private static double decibels(Quantized quantized) {
    Sqnr sum = Sqnr.NONE;
    try (Runner real = ORT.open(net(), Backend.Options.SERVING);
        Runner blocks = ORT.open(quantized.model(), Backend.Options.SERVING)) {
      for (int i = 40; i < 60; i++) {
        Map<String, Tensor> inputs = new Vectors().sample(i).inputs();
        Map<String, Tensor> wanted = real.run(inputs);
        Map<String, Tensor> made = blocks.run(inputs);
        sum =
            sum.plus(
                Sqnr.of(
                    requireNonNull(wanted.get("g")).toFloats(),
                    requireNonNull(made.get("g")).toFloats()));
      }
    }
    return sum.decibels();
  }

  @ParameterizedTest
  @CsvSource({"2, 32, 4", "3, 16, 10", "4, 32, 16", "4, 128, 15", "5, 64, 21", "8, 32, 35"})
  void everyWidthRunsAndSolvingIsNoWorseThanNearest(int bits, int group, double least) {
    Dataset calibration = new Vectors().first(40);
    Quantized nearest =
        new Quantizer(ORT, recipe(bits, group, Rounding.NEAREST)).quantize(net(), calibration);
    Quantized solved =
        new Quantizer(ORT, recipe(bits, group, Rounding.LEAST_SQUARES))
            .quantize(net(), calibration);
    assertThat(solved.plan().layers())
        .extracting(planned -> planned.layer().form())
        .containsExactly(new BlockWise(group), new BlockWise(group), new Folded());
    assertThat(decibels(solved)).isGreaterThan(least).isGreaterThan(decibels(nearest));
    assertThat(solved.model().graph().nodes())
        .filteredOn(node -> node.is("DequantizeLinear"))
        .extracting(node -> node.intAttribute("block_size", 0))
        .containsExactlyInAnyOrderElementsOf(List.of((long) group, (long) group));
    double weights = IN * OUT + 200 * OUT + 20 * 64;
    double ideal = weights * (bits / 8.0 + 4.0 / group) + 20 * 64 * (1 - bits / 8.0);
    assertThat(OnnxWriter.toBytes(solved.model()).byteSize()).isLessThan((long) ideal + 5500);
  }

  @Test
  void fourBitsAreStoredAsTheyAreRead() {
    Quantized quantized =
        new Quantizer(ORT, recipe(4, 32, Rounding.NEAREST)).quantize(net(), new Vectors());
    List<Node> blocks =
        quantized.model().graph().nodes().stream()
            .filter(node -> node.is("DequantizeLinear"))
            .toList();
    assertThat(blocks)
        .allSatisfy(node ->
            assertThat(
                    requireNonNull(quantized.model().graph().initializers().get(node.input(0)))
                        .dtype())
                .isEqualTo(DType.INT4));
  }

  /// The runtime in use takes both for products with packed weights.
  @Test
  void productsAndGemmsHaveAKernelOfTheirOwn() {
    Quantized quantized = new Quantizer(ORT, Recipe.W4G32A32).quantize(net());
    assertThat(quantized.model().graph().nodes())
        .filteredOn(node -> node.is("DequantizeLinear"))
        .extracting(node -> node.intAttribute("axis", 1))
        .containsExactly(0L, 0L);
    assertThat(OptimizedGraph.of(ORT, quantized.model()).nodes())
        .filteredOn(node -> node.op().endsWith("MatMulNBits"))
        .hasSize(2);
  }

  /// Groups and integers of activations exclude each other: the product computes with floats, and the plan says why.
  @Test
  void aProductWithBlocksComputesWithFloats() {
    Recipe recipe = Recipe.W8A8.overriding(List.of(blocks("Gemm", 4, 32)));
    Quantized quantized = new Quantizer(ORT, recipe).quantize(net(), new Vectors());
    assertThat(quantized.plan().layers())
        .extracting(planned -> planned.layer().form())
        .containsExactly(new StaticIntegers(), new BlockWise(32), new StaticIntegers());
    assertThat(quantized.plan().keptFloat())
        .extracting(kept -> kept.reason())
        .contains("its weights have a scale for each 32 of them, which no integer kernel takes");
  }
}
