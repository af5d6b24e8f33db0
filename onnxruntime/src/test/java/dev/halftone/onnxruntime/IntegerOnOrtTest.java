package dev.halftone.onnxruntime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halftone.Networks;
import dev.halftone.Quantized;
import dev.halftone.Quantizer;
import dev.halftone.UnsupportedModelException;
import dev.halftone.data.Dataset;
import dev.halftone.device.Devices;
import dev.halftone.engine.Backend;
import dev.halftone.engine.Progress;
import dev.halftone.engine.Runner;
import dev.halftone.engine.integer.IntegerEngine;
import dev.halftone.graph.Model;
import dev.halftone.integer.IntegerGraph;
import dev.halftone.integer.IntegerOp;
import dev.halftone.recipe.Recipe;
import dev.halftone.recipe.Rule;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Tensor;
import dev.halftone.testing.IntegerNets;
import dev.halftone.testing.MixedNets;
import dev.halftone.verify.Verifier;
import dev.halftone.verify.VerifyOptions;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Integer graphs beside the same plan as a Q/DQ model in ONNX Runtime, which computes what each step rounds in float: integers that
/// differ do by one, where a value lies between two.
class IntegerOnOrtTest {

  private static final Backend ORT = new OrtRuntime();
  private static final int H = IntegerNets.H;
  private static final int W = IntegerNets.W;

  /// What wants the picture in another order than it lies.
  private static final Set<String> ROWS_OF_PLACES =
      Set.of("tokens", "flattened and clamped", "softmax of places", "attention");

  private static Quantizer quantizer() {
    return quantizer(Recipe.W8A8);
  }

  private static Quantizer quantizer(Recipe recipe) {
    return new Quantizer(ORT, recipe, Devices.INTEGERS_ONLY, 1, Progress.Stages.NONE);
  }

  @ParameterizedTest
  @MethodSource("dev.halftone.testing.IntegerNets#all")
  void isWithinALevelOfOnnxRuntime(IntegerNets.Net net) {
    Dataset data = IntegerNets.noise(net.model());
    Quantizer quantizer = quantizer(Recipe.W8A8.overriding(List.of(Rule.activations("*", 8))));
    Quantized quantized = quantizer.quantize(net.model(), data);
    IntegerGraph graph = quantizer.lower(quantized);
    float step = graph.tensor(graph.outputs().getFirst().tensor()).grid().scale();
    int ops = graph.ops().size();
    int apart = 0;
    int count = 0;
    try (Runner engine = new IntegerEngine(graph);
        Runner ort = ORT.open(quantized.model(), Backend.Options.VERBATIM)) {
      for (int i = 0; i < data.size(); i++) {
        Tensor a = engine.run(data.sample(i).inputs()).values().iterator().next();
        Tensor b = ort.run(data.sample(i).inputs()).values().iterator().next();
        assertThat(a.shape()).isEqualTo(b.shape());
        for (int k = 0; k < a.toFloats().length; k++) {
          int levels = Math.round(Math.abs(a.toFloats()[k] - b.toFloats()[k]) / step);
          if (!a.dtype().isInteger()) {
            assertThat(levels)
                .as("%s, %s operations", net, ops)
                .isLessThanOrEqualTo(ops == 1 ? 1 : 3);
          }
          apart += levels > 0 ? 1 : 0;
          count++;
        }
      }
    }
    // TFLite rounds a mean to few bits below the point first, and ties of an average away from zero
    boolean mean =
        graph.ops().stream()
            .anyMatch(op -> op instanceof IntegerOp.Mean || op instanceof IntegerOp.AveragePool);
    assertThat((double) apart / count)
        .as("%s differ of %s", apart, count)
        .isLessThan(mean ? 0.4 : 0.05);
  }

  @ParameterizedTest
  @MethodSource("dev.halftone.testing.IntegerNets#wide")
  void activationsOf16BitsAreNearTheFloatModel(IntegerNets.Net net) {
    Dataset data = IntegerNets.noise(net.model());
    Quantizer quantizer = quantizer(Recipe.W8A16);
    IntegerGraph graph = quantizer.lower(quantizer.quantize(net.model(), data));
    assertThat(graph.isWide()).isTrue();
    try (Runner engine = new IntegerEngine(graph);
        Runner ort = ORT.open(net.model(), Backend.Options.VERBATIM)) {
      double decibels =
          Verifier.compare(ort, engine, data, VerifyOptions.DEFAULT).sqnr().decibels();
      boolean positions = net.name().startsWith("argmax");
      // what rounding the weights leaves; a position is right or wrong
      assertThat(decibels).isGreaterThan(positions ? 20 : 35);
    }
  }

  @ParameterizedTest
  @MethodSource("dev.halftone.testing.MixedNets#all")
  void bothWidthsAreNearOnnxRuntime(MixedNets.Mixed mixed) {
    Model model = mixed.net().model();
    Dataset data = IntegerNets.noise(model);
    Quantizer quantizer = quantizer(mixed.recipe());
    Quantized quantized = quantizer.quantize(model, data);
    IntegerGraph graph = quantizer.lower(quantized);
    assertThat(graph.isWide()).isTrue();
    assertThat(graph.tensors())
        .as("a tensor of 8 bits")
        .anyMatch(tensor -> tensor.type() == DType.INT8);
    try (Runner engine = new IntegerEngine(graph);
        Runner ort = ORT.open(quantized.model(), Backend.Options.VERBATIM)) {
      double decibels =
          Verifier.compare(ort, engine, data, VerifyOptions.DEFAULT).sqnr().decibels();
      boolean positions = mixed.net().name().startsWith("argmax");
      // 8 bits of what kernels on int8 alone read are rounded here and not there
      assertThat(decibels).isGreaterThan(positions ? 20 : 30);
    }
  }

  @ParameterizedTest
  @MethodSource("dev.halftone.testing.IntegerNets#narrow")
  void namesTheNodeThatTakesNo16Bits(IntegerNets.Net net) {
    Quantizer quantizer = quantizer(Recipe.W8A16);
    Quantized quantized = quantizer.quantize(net.model(), IntegerNets.noise(net.model()));
    assertThatThrownBy(() -> quantizer.lower(quantized))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContaining("has no kernel for 16-bit activations");
  }

  @Test
  void picturesNeedNoTranspose() {
    for (IntegerNets.Net net : IntegerNets.all()) {
      if (!ROWS_OF_PLACES.contains(net.name()) && !net.name().startsWith("transposed")) {
        Quantized quantized = quantizer().quantize(net.model(), IntegerNets.noise(net.model()));
        assertThat(quantizer().lower(quantized).ops())
            .as(net.name())
            .noneMatch(op -> op instanceof IntegerOp.Transpose);
      }
    }
  }

  @Test
  void namesTheNodeThatCannotBeLowered() {
    Model model =
        Networks.input(5, -1, 3, H, W).conv("c", 3, 4, 3, 1).op("Erf", "erf", "c").model();
    Quantized quantized = quantizer().quantize(model, IntegerNets.noise(model));
    assertThatThrownBy(() -> quantizer().lower(quantized))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContaining("node erf (Erf)");
  }

  /// The signal has one axis: no image.
  @Test
  void namesTheTransposedConvolutionThatCannotBeLowered() {
    Networks net = Networks.input(5, -1, 3, W);
    Model model =
        net.constant("w", net.normal(0.3, 3, 4, 3))
            .op("ConvTranspose", "t", "input", "w")
            .constant("v", net.normal(0.3, 4, 4, 1))
            .op("Conv", "c", "t", "v")
            .model();
    Quantized quantized = quantizer().quantize(model, IntegerNets.noise(model));
    assertThatThrownBy(() -> quantizer().lower(quantized))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContaining("node t (ConvTranspose)")
        .hasMessageContaining("an input of four axes");
  }
}
