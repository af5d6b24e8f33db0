package dev.halftone.litert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.Quantizer;
import dev.halftone.data.Dataset;
import dev.halftone.device.Devices;
import dev.halftone.engine.Progress;
import dev.halftone.format.c.CompiledNetwork;
import dev.halftone.graph.Model;
import dev.halftone.integer.IntegerGraph;
import dev.halftone.onnxruntime.OrtRuntime;
import dev.halftone.recipe.Recipe;
import dev.halftone.testing.IntegerNets;
import dev.halftone.testing.MixedNets;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Quantized networks give the engine's bits in LiteRT's reference kernels.
class NetworksTest {

  private static IntegerGraph integers(Model model, Dataset data) {
    return integers(Recipe.W8A8, model, data);
  }

  private static IntegerGraph integers(Recipe recipe, Model model, Dataset data) {
    Quantizer quantizer =
        new Quantizer(new OrtRuntime(), recipe, Devices.INTEGERS_ONLY, 1, Progress.Stages.NONE);
    return quantizer.lower(quantizer.quantize(model, data));
  }

  @ParameterizedTest
  @MethodSource("dev.halftone.testing.IntegerNets#all")
  void operationsOfOnnx(IntegerNets.Net net) {
    IntegerGraph graph = integers(net.model(), IntegerNets.noise(net.model()));
    byte[][][] inputs = CompiledNetwork.randomInputs(graph, 5, new Random(8));
    for (PortType ports : PortType.values()) {
      byte[] file = Written.bytes(graph, ports);
      assertThat(Written.difference(graph, file, Kernels.REFERENCE, inputs).other()).isZero();
      assertThat(Written.difference(graph, file, Kernels.DEFAULT, inputs).most())
          .isLessThanOrEqualTo(2);
    }
  }

  @ParameterizedTest
  @MethodSource("dev.halftone.testing.IntegerNets#wide")
  void operationsOn16Bits(IntegerNets.Net net) {
    IntegerGraph graph = integers(Recipe.W8A16, net.model(), IntegerNets.noise(net.model()));
    byte[][][] inputs = CompiledNetwork.randomInputs(graph, 5, new Random(8));
    byte[] file = Written.bytes(graph, PortType.INT8);
    assertThat(Written.difference(graph, file, Kernels.REFERENCE, inputs).other()).isZero();
    assertThat(Written.difference(graph, file, Kernels.DEFAULT, inputs).other()).isZero();
  }

  @ParameterizedTest
  @MethodSource("dev.halftone.testing.MixedNets#all")
  void bothWidths(MixedNets.Mixed mixed) {
    Model model = mixed.net().model();
    IntegerGraph graph = integers(mixed.recipe(), model, IntegerNets.noise(model));
    byte[][][] inputs = CompiledNetwork.randomInputs(graph, 5, new Random(8));
    for (PortType ports : PortType.values()) {
      byte[] file = Written.bytes(graph, ports);
      assertThat(Written.difference(graph, file, Kernels.REFERENCE, inputs).other()).isZero();
    }
  }

  @ParameterizedTest
  @MethodSource("dev.halftone.testing.IntegerNets#all")
  void weightsOf4Bits(IntegerNets.Net net) {
    IntegerGraph graph = integers(Recipe.W4A8, net.model(), IntegerNets.noise(net.model()));
    byte[][][] inputs = CompiledNetwork.randomInputs(graph, 5, new Random(8));
    byte[] file = LiteRtWriter.bytes(graph, PortType.INT8, true, "Made for a test.");
    assertThat(Written.difference(graph, file, Kernels.REFERENCE, inputs).other()).isZero();
    assertThat(Written.difference(graph, file, Kernels.DEFAULT, inputs).most())
        .isLessThanOrEqualTo(3);
  }
}
