package dev.halftone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import dev.halftone.testing.IntegerNets;
import dev.halftone.testing.Interpreter;
import dev.halftone.verify.Verifier;
import dev.halftone.verify.VerifyOptions;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Quantized networks as integer graphs: what they are made of, and what has no form there.
class LoweringTest {

  private static final Backend INTERPRETER = new Interpreter();
  private static final int H = IntegerNets.H;
  private static final int W = IntegerNets.W;

  /// What wants the picture in another order than it lies.
  private static final Set<String> ROWS_OF_PLACES =
      Set.of("tokens", "flattened and clamped", "softmax of places", "attention");

  private static Quantizer quantizer() {
    return quantizer(Recipe.W8A8);
  }

  private static Quantizer quantizer(Recipe recipe) {
    return new Quantizer(INTERPRETER, recipe, Devices.INTEGERS_ONLY, 1, Progress.Stages.NONE);
  }

  @ParameterizedTest
  @MethodSource("dev.halftone.testing.IntegerNets#wide")
  void activationsOf16BitsAreNearTheFloatModel(IntegerNets.Net net) {
    Dataset data = IntegerNets.noise(net.model());
    Quantizer quantizer = quantizer(Recipe.W8A16);
    IntegerGraph graph = quantizer.lower(quantizer.quantize(net.model(), data));
    assertThat(graph.isWide()).isTrue();
    try (Runner engine = new IntegerEngine(graph);
        Runner real = INTERPRETER.open(net.model(), Backend.Options.VERBATIM)) {
      double decibels =
          Verifier.compare(real, engine, data, VerifyOptions.DEFAULT).sqnr().decibels();
      boolean positions = net.name().startsWith("argmax");
      // what rounding the weights leaves; a position is right or wrong
      assertThat(decibels).isGreaterThan(positions ? 20 : 35);
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
