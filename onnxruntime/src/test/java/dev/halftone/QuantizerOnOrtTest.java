package dev.halftone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.data.Dataset;
import dev.halftone.engine.Progress;
import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.measure.KernelKind;
import dev.halftone.measure.OptimizedGraph;
import dev.halftone.onnxruntime.OrtRuntime;
import dev.halftone.recipe.ActivationScheme;
import dev.halftone.recipe.Recipe;
import dev.halftone.recipe.Rule;
import dev.halftone.testing.SeparableNet;
import dev.halftone.testing.SeparableNet.Samples;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Quantized networks as ONNX Runtime computes them: which kernels it takes.
class QuantizerOnOrtTest {

  private static final OrtRuntime ORT = new OrtRuntime();

  private static Model quantize(Recipe recipe, int threads, Dataset data) {
    return new Quantizer(ORT, recipe, threads, Progress.Stages.NONE)
        .quantize(SeparableNet.MODEL, data)
        .model();
  }

  private static double sqnr(Model quantized) {
    return SeparableNet.sqnr(ORT, quantized);
  }

  @Test
  void onnxRuntimeComputesEverythingWithIntegers() {
    OptimizedGraph optimized =
        OptimizedGraph.of(ORT, quantize(Recipe.W8A8, 2, Samples.random(1, 10)));
    assertThat(optimized.floatNodes()).isEmpty();
    assertThat(optimized.counts(KernelKind.INTEGER))
        .containsEntry("QLinearConv", 5)
        .containsEntry("com.microsoft.QGemm", 1);
  }

  @Test
  void whatTheRecipeKeepsFloatOnnxRuntimeDoesNotRoundByItself() {
    Recipe recipe = Recipe.W8A8.withoutBiasCorrection().keepingFloat(List.of("pw"));
    Model quantized = quantize(recipe, 2, Samples.random(1, 40));
    OptimizedGraph optimized = OptimizedGraph.of(ORT, quantized);
    assertThat(optimized.floatNodes())
        .as("the copy before it is no operation of the user's")
        .extracting(OptimizedGraph.Placed::op)
        .containsExactly("Conv");
    assertThat(optimized.floatNodes().getFirst().reason()).endsWith("is not quantized");
    assertThat(optimized.counts(KernelKind.COPY)).containsEntry("Sum", 1);
    assertThat(sqnr(quantized)).isGreaterThan(25);
  }

  @Test
  void fourBitActivationsRunInIntegers() {
    Model model = quantize(Recipe.W4A4, 2, Samples.random(1, 60));
    assertThat(OptimizedGraph.of(ORT, model).floatNodes()).isEmpty();
  }

  @Test
  void whatIsAddedIn8BitsAndMultipliedIn4RunsInIntegers() {
    Model blocks = TinyNets.twoBlocks();
    Model model = new Quantizer(ORT, Recipe.W4A4).quantize(blocks, Samples.random(1, 40)).model();
    assertThat(OptimizedGraph.of(ORT, model).floatNodes()).isEmpty();
  }

  @Test
  void aFloatLayerAmongIntegerOnesKeepsItsIntegerWeights() {
    Recipe mixed =
        Recipe.W8A8.overriding(List.of(Rule.activations("pw", new ActivationScheme.Float())));
    Model model = quantize(mixed, 2, Samples.random(1, 40));
    Node layer =
        model.graph().nodes().stream()
            .filter(node -> node.is("Conv") && node.name().equals("pw"))
            .findFirst()
            .orElseThrow();
    GraphIndex index = new GraphIndex(model.graph());
    assertThat(index.producer(layer.input(1)).orElseThrow().opType())
        .as("weights are scaled when the model is loaded")
        .isEqualTo("Mul");
    OptimizedGraph optimized = OptimizedGraph.of(ORT, model);
    assertThat(optimized.counts(KernelKind.FLOAT)).containsEntry("Conv", 1);
    assertThat(sqnr(model)).isGreaterThan(20);
  }
}
