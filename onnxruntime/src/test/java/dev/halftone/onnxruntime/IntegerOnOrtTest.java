package dev.halftone.onnxruntime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.Quantized;
import dev.halftone.Quantizer;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Integer graphs beside the same plan as a Q/DQ model in ONNX Runtime, which computes what each step rounds in float: integers that
/// differ do by one, where a value lies between two.
class IntegerOnOrtTest {

  private static final Backend ORT = new OrtRuntime();

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
}
