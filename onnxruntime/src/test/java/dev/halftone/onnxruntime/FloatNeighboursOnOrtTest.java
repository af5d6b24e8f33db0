package dev.halftone.onnxruntime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.Quantized;
import dev.halftone.Quantizer;
import dev.halftone.data.Dataset;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.recipe.Recipe;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What only float operations read is not rounded, and the channels that a shared scale would have cost come out whole.
class FloatNeighboursOnOrtTest {

  private static Quantized quantized(Model model, Dataset data) {
    return new Quantizer(new OrtRuntime(), Recipe.W8A8).quantize(model, data);
  }

  @Test
  void theResidualAddBetweenFloatsReadsAndMakesFloats() {
    Model model = CasesOnOrt.model("outlier.onnx");
    Dataset data = CasesOnOrt.normal(model, i -> i % 64 == 7 ? 200 : 1);
    Quantized quantized = quantized(model, data);
    assertThat(quantized.plan().activations()).doesNotContainKeys("a", "m2", "x");
    Node add =
        quantized.model().graph().nodes().stream()
            .filter(node -> node.is("Add"))
            .findFirst()
            .orElseThrow();
    assertThat(add.inputs()).containsExactly("m2", "x");
    assertThat(quantized.model().graph().nodes()).extracting(Node::opType).doesNotContain("Clip");
    // 11 dB with the Add in 8 bits; what is left is the product with the outlier
    assertThat(CasesOnOrt.channels(model, quantized.model(), data, "y", 0))
        .allMatch(decibels -> decibels > 14);
  }

  @Test
  void scoresBesideBoxesKeepTheirSignal() {
    for (String name : List.of("det_cat.onnx", "det_mul.onnx")) {
      Model model = CasesOnOrt.model(name);
      Dataset data = CasesOnOrt.normal(model, _ -> 1);
      Quantized quantized = quantized(model, data);
      assertThat(CasesOnOrt.channels(model, quantized.model(), data, "y", 1))
          .as(name)
          .allMatch(decibels -> decibels > 25);
      assertThat(quantized.plan().keptFloat())
          .as(name)
          .anyMatch(kept ->
              kept.op().equals(name.equals("det_cat.onnx") ? "Concat" : "Mul")
                  && kept.reason().contains("only float operations or outputs read"));
    }
  }

  @Test
  void scoresThatAreTakenOutOfAConcatKeepTheirSignal() {
    Model model = CasesOnOrt.model("det_two.onnx");
    Dataset data = CasesOnOrt.normal(model, _ -> 1);
    Quantized quantized = quantized(model, data);
    for (String output : List.of("boxes", "scores")) {
      assertThat(CasesOnOrt.channels(model, quantized.model(), data, output, 1))
          .as(output)
          .allMatch(decibels -> decibels > 25);
    }
  }
}
