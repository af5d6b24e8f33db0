package dev.halftone.onnxruntime;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.Networks;
import dev.halftone.Quantized;
import dev.halftone.Quantizer;
import dev.halftone.data.Dataset;
import dev.halftone.device.Devices;
import dev.halftone.engine.Backend;
import dev.halftone.engine.Runner;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.measure.KernelKind;
import dev.halftone.measure.OptimizedGraph;
import dev.halftone.prepare.Prepare;
import dev.halftone.recipe.Recipe;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// PRelu becomes what ONNX Runtime is fast at, and means the same.
class PReluOnOrtTest {

  private static final OrtRuntime ORT = new OrtRuntime();

  private static Model network(float... slopes) {
    return Networks.input(1, -1, 3, 8, 8)
        .conv("c", 3, 4, 3, 1)
        .constant("slopes", Tensor.of(new Shape(slopes.length, 1, 1), slopes))
        .op("PRelu", "p", "c", "slopes")
        .conv("d", 4, 4, 3, 1)
        .model();
  }

  private static Model prepared(Model model) {
    return Prepare.apply(model, ORT, Devices.ONNX_RUNTIME_CPU);
  }

  private static Tensor run(Model model, Map<String, Tensor> inputs) {
    try (Runner runner = ORT.open(model, Backend.Options.SERVING)) {
      return requireNonNull(runner.run(inputs).get("d"));
    }
  }

  @Test
  void thePreparedNetworkComputesTheSame() {
    for (float[] slopes :
        new float[][] {
          {0.25f}, {0.1f, 0.1f, 0.1f, 0.1f}, {0.1f, -0.5f, 0, 1}, {0.1f, 2, 0.3f, 0.4f}
        }) {
      Model model = network(slopes);
      Map<String, Tensor> inputs = CasesOnOrt.normal(model, _ -> 1).sample(0).inputs();
      assertThat(run(prepared(model), inputs).toFloats()).isEqualTo(run(model, inputs).toFloats());
    }
  }

  @Test
  void oneSlopeIsALeakyReluThatRunsInIntegers() {
    Model model = network(0.25f);
    Dataset data = CasesOnOrt.normal(model, _ -> 1);
    Quantized quantized = new Quantizer(ORT, Recipe.W8A8).quantize(model, data);
    assertThat(OptimizedGraph.of(ORT, quantized.model()).counts(KernelKind.INTEGER))
        .containsEntry("com.microsoft.QLinearLeakyRelu", 1)
        .containsEntry("QLinearConv", 2);
  }

  @Test
  void manySlopesAreAMaximumBetweenIntegerConvolutions() {
    Model model = network(0.1f, 0.2f, 0, 1);
    Dataset data = CasesOnOrt.normal(model, _ -> 1);
    Quantized quantized = new Quantizer(ORT, Recipe.W8A8).quantize(model, data);
    assertThat(quantized.model().graph().nodes())
        .extracting(Node::opType)
        .contains("Max", "Mul")
        .doesNotContain("PRelu");
    assertThat(quantized.plan().activations()).containsOnlyKeys("input", "c", "p", "d");
  }

  @Test
  void aSlopeAbove1IsLeft() {
    assertThat(prepared(network(0.1f, 2, 0.3f, 0.4f)).graph().nodes())
        .extracting(Node::opType)
        .containsExactly("Conv", "PRelu", "Conv");
  }
}
