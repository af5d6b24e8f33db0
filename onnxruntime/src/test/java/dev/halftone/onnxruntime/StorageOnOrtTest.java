package dev.halftone.onnxruntime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.Networks;
import dev.halftone.NormalNoise;
import dev.halftone.Quantized;
import dev.halftone.Quantizer;
import dev.halftone.data.Dataset;
import dev.halftone.engine.Backend;
import dev.halftone.engine.Runner;
import dev.halftone.format.onnx.OnnxReader;
import dev.halftone.format.onnx.OnnxWriter;
import dev.halftone.graph.Model;
import dev.halftone.measure.KernelKind;
import dev.halftone.measure.OptimizedGraph;
import dev.halftone.measure.OptimizedGraph.Placed;
import dev.halftone.metric.Sqnr;
import dev.halftone.plan.QuantizedLayer;
import dev.halftone.recipe.Method;
import dev.halftone.recipe.Observer;
import dev.halftone.recipe.Recipe;
import dev.halftone.recipe.Rounding;
import dev.halftone.recipe.Rule;
import dev.halftone.recipe.Rules;
import dev.halftone.recipe.WeightScheme;
import dev.halftone.rewrite.InsertQdq;
import dev.halftone.scheme.Grid;
import dev.halftone.scheme.QuantizedType;
import dev.halftone.scheme.QuantizedWeight;
import dev.halftone.tensor.Shape;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What InsertQdq stores, in the runtime that reads it.
class StorageOnOrtTest {

  private static final OrtRuntime ORT = new OrtRuntime();

  /// Every layer has an odd number of weights, and enough of them that each width is worth its nodes.
  private static final Model NET = net();

  private static final Dataset NOISE = new NormalNoise(8, "input", new Shape(1, 13, 9, 9));

  private static Model net() {
    Networks net =
        Networks.input(3, -1, 13, 9, 9)
            .conv("plain", 13, 61, 3, 1)
            .relu("r")
            .conv("pointwise", 61, 111, 1, 1)
            .conv("depthwise", 111, 111, 9, 111)
            .relu6("r6")
            .head("gemm", 111, 61);
    return net.constant("m.weight", net.normal(0.2, 61, 111))
        .constant("last.weight", net.normal(0.2, 111, 61))
        .op("MatMul", "m", net.last(), "m.weight")
        .op("MatMul", "last", "m", "last.weight")
        .model();
  }

  private static Quantized quantize(Recipe recipe) {
    return quantize(recipe, Rounding.NEAREST);
  }

  private static Quantized quantize(Recipe recipe, Rounding rounding) {
    Recipe quick = recipe.withRounding(rounding).withoutBiasCorrection();
    return new Quantizer(ORT, quick).quantize(NET, NOISE);
  }

  private static Recipe low(int bits) {
    Recipe w8a8 = Recipe.W8A8;
    return new Recipe(
        "low",
        new Rules(
            List.of(
                new Rule(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(new WeightScheme.Integers(bits)),
                    Optional.of(w8a8.rules().activations())))),
        w8a8.scales(),
        new Method(true, w8a8.rounding(), false, 8));
  }

  /// The same integers, each in a byte.
  private static Model inBytes(Quantized quantized) {
    Map<String, QuantizedLayer> layers = new HashMap<>();
    quantized
        .layers()
        .forEach((key, layer) -> {
          QuantizedWeight weight = layer.weight();
          Grid grid = weight.grid().withType(QuantizedType.weight(8));
          layers.put(
              key,
              new QuantizedLayer(
                  new QuantizedWeight(weight.shape(), grid, weight.values()), layer.bias()));
        });
    return InsertQdq.apply(quantized.prepared(), quantized.plan(), layers);
  }

  private static float[] run(Runner runner, int sample) {
    return runner.run(NOISE.sample(sample).inputs()).values().iterator().next().toFloats();
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 5, 6, 7, 8})
  void weightsThatAreStoredAsIntegersAreSeen(int bits) {
    assertThat(Quantizer.isQuantized(NET)).isFalse();
    Recipe recipe = Recipe.W8A32.overriding(List.of(Rule.weights("*", bits)));
    for (Rounding rounding : List.of(Rounding.NEAREST, Rounding.CODEBOOK)) {
      assertThat(Quantizer.isQuantized(quantize(recipe, rounding).model()))
          .as(rounding.name())
          .isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 5, 6, 7})
  void packedWeightsRunAsIfTheyWereBytes(int bits, @TempDir Path folder) {
    Quantized quantized = quantize(low(bits));
    packedWeightsRunAsIfTheyWereBytes(bits, quantized, folder);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 5})
  void numbersOfCodebooksRunAsIfTheyWereBytes(int bits, @TempDir Path folder) {
    Quantized quantized = quantize(low(bits), Rounding.CODEBOOK);
    for (QuantizedLayer layer : quantized.layers().values()) {
      byte[] values = layer.weight().values();
      assertThat(IntStream.range(0, values.length).map(i -> values[i]).distinct().count())
          .isBetween(3L, 1L << bits);
    }
    packedWeightsRunAsIfTheyWereBytes(bits, quantized, folder);
  }

  private static void packedWeightsRunAsIfTheyWereBytes(
      int bits, Quantized quantized, Path folder) {
    Path file = folder.resolve("packed.onnx");
    OnnxWriter.write(quantized.model(), file);
    Model packed = OnnxReader.read(file);
    assertThat(packed.opset()).isEqualTo(21);
    Model bytes = inBytes(quantized);
    assertThat(bytes.opset()).isEqualTo(17);
    long weights = quantized.plan().layers().stream().mapToLong(l -> l.parameters()).sum();
    assertThat(size(bytes) - size(packed))
        .as("bytes saved, of those that the bits are worth")
        .isBetween(weights * (8 - bits) / 8 - 6 * 700, weights * (8 - bits) / 8);
    OptimizedGraph optimized = OptimizedGraph.of(ORT, packed);
    assertThat(optimized.floatNodes()).isEmpty();
    assertThat(optimized.counts(KernelKind.INTEGER))
        .containsEntry("QLinearConv", 3)
        .containsEntry("com.microsoft.QGemm", 1)
        .containsEntry("QLinearMatMul", 1);
    assertThat(optimized.nodes().stream().map(Placed::op))
        .as("what unpacks is gone")
        .containsExactlyElementsOf(
            OptimizedGraph.of(ORT, bytes).nodes().stream().map(Placed::op).toList());
    try (Runner narrow = ORT.open(packed, Backend.Options.SERVING);
        Runner wide = ORT.open(bytes, Backend.Options.SERVING)) {
      for (int sample = 100; sample < 104; sample++) {
        assertThat(run(narrow, sample)).isEqualTo(run(wide, sample));
      }
    }
  }

  private static long size(Model model) {
    return OnnxWriter.toBytes(model).byteSize();
  }

  /// ONNX Runtime computes such layers in float. It must not round the weights again, as it does with float weights between integers.
  @ParameterizedTest
  @ValueSource(strings = {"w8a16", "w4a16"})
  void sixteenBitActivationsLoseNextToNothing(String recipe) {
    Quantized quantized = quantize(Recipe.named(recipe).withObserver(new Observer.MinMax()));
    assertThat(quantized.model().opset()).isEqualTo(21);
    assertThat(sqnr(quantized.weightsOnly(), quantized.model())).isGreaterThan(70);
    assertThat(OptimizedGraph.of(ORT, quantized.model()).counts(KernelKind.CONSTANT))
        .as("weights that are made float at every run")
        .isEmpty();
  }

  /// The exact model runs verbatim: optimized, ONNX Runtime rounds float activations before integer weights to 8 bits (MatMulNBits).
  private static double sqnr(Model exact, Model rounded) {
    Sqnr sum = Sqnr.NONE;
    try (Runner real = ORT.open(exact, Backend.Options.VERBATIM);
        Runner integer = ORT.open(rounded, Backend.Options.SERVING)) {
      for (int sample = 0; sample < 4; sample++) {
        sum = sum.plus(Sqnr.of(run(real, sample), run(integer, sample)));
      }
    }
    return sum.decibels();
  }
}
