package dev.halftone.onnxruntime;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.Calibrated;
import dev.halftone.Networks;
import dev.halftone.Quantized;
import dev.halftone.Quantizer;
import dev.halftone.data.Dataset;
import dev.halftone.device.Devices;
import dev.halftone.engine.Progress;
import dev.halftone.graph.Attribute;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.plan.Plan;
import dev.halftone.recipe.Recipe;
import dev.halftone.recipe.Rule;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import dev.halftone.verify.Cases;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What only float operations read is not rounded, and the channels that a shared scale would have cost come out whole.
class FloatNeighboursOnOrtTest {

  private static Quantized quantized(Model model, Dataset data) {
    return new Quantizer(new OrtRuntime(), Recipe.W8A8).quantize(model, data);
  }

  @Test
  void theResidualAddBetweenFloatsReadsAndMakesFloats() {
    Model model = Cases.model("residual-outlier/outlier");
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
    for (String name : List.of("det-head-concat/det_cat", "det-head-concat/det_mul")) {
      Model model = Cases.model(name);
      Dataset data = CasesOnOrt.normal(model, _ -> 1);
      Quantized quantized = quantized(model, data);
      assertThat(CasesOnOrt.channels(model, quantized.model(), data, "y", 1))
          .as(name)
          .allMatch(decibels -> decibels > 25);
      assertThat(quantized.plan().keptFloat())
          .as(name)
          .anyMatch(kept ->
              kept.op().equals(name.equals("det-head-concat/det_cat") ? "Concat" : "Mul")
                  && kept.reason()
                      .matches(
                          "channels differ [23]..-fold in size: on one scale 4 to 6 would keep . levels?"));
    }
  }

  @Test
  void scoresThatAreTakenOutOfAConcatKeepTheirSignal() {
    Model model = Cases.model("det-head-concat/det_two");
    Dataset data = CasesOnOrt.normal(model, _ -> 1);
    Quantized quantized = quantized(model, data);
    for (String output : List.of("boxes", "scores")) {
      assertThat(CasesOnOrt.channels(model, quantized.model(), data, output, 1))
          .as(output)
          .allMatch(decibels -> decibels > 25);
    }
  }

  private static final String TWO_USES = "multi-output-first-only/multiout";

  @Test
  void partsOfAConcatThatALayerReadsAsAWholeKeepTheirSignal() {
    Model model = Cases.model(TWO_USES);
    Dataset data = CasesOnOrt.normal(model, _ -> 1);
    Quantized quantized = quantized(model, data);
    assertThat(CasesOnOrt.channels(model, quantized.model(), data, "score", 1))
        .allMatch(decibels -> decibels > 35);
    assertThat(CasesOnOrt.channels(model, quantized.model(), data, "a", 1))
        .allMatch(decibels -> decibels > 25);
    assertThat(quantized.plan().activations())
        .containsKey("cat_rounded")
        .doesNotContainKeys("cat", "a", "b");
    assertThat(quantized.plan().floatLayers()).isZero();
    assertThat(quantized.model().graph().nodes()).extracting(Node::opType).doesNotContain("Clip");
  }

  @Test
  void savedStatisticsLeadToTheSameCopies() {
    Model model = Cases.model(TWO_USES);
    Dataset data = CasesOnOrt.normal(model, _ -> 1);
    Quantizer quantizer = new Quantizer(new OrtRuntime(), Recipe.W8A8);
    Model prepared = quantizer.prepare(model);
    Calibrated seen = quantizer.calibrate(prepared, data);
    Calibrated again = quantizer.calibrated(prepared, seen.statistics());
    assertThat(again.prepared().graph().nodes()).isEqualTo(seen.prepared().graph().nodes());
    assertThat(
            quantizer.quantize(again.prepared(), again.statistics(), data).model().graph().nodes())
        .isEqualTo(quantized(model, data).model().graph().nodes());
  }

  @Test
  void bitsThatAreAskedForByNameStand() {
    Model model = Cases.model(TWO_USES);
    Dataset data = CasesOnOrt.normal(model, _ -> 1);
    Recipe asked = Recipe.W8A8.overriding(List.of(Rule.activations("cat", 8)));
    Quantized quantized = new Quantizer(new OrtRuntime(), asked).quantize(model, data);
    assertThat(quantized.plan().activations()).containsKey("cat").doesNotContainKey("cat_rounded");
  }

  /// One Conv makes boxes and scores, of which a layer reads what the scores are made from.
  private static Networks partsOfOneHead() {
    return oneHead()
        .constant("parts", Tensor.vector(4L, 3L))
        .add(
            Node.of("Split", "split", List.of("head", "parts"), List.of("boxes", "scores"))
                .with("axis", new Attribute.Int(1)));
  }

  @Test
  void aPartThatALayerReadsIsRoundedForTheLayerAlone() {
    Model model =
        partsOfOneHead().from("boxes").conv("behind", 4, 4, 1, 1).model("scores", "behind");
    Dataset data = CasesOnOrt.normal(model, _ -> 1);
    Quantized quantized = quantized(model, data);
    assertThat(quantized.plan().activations())
        .containsOnlyKeys("input", "r", "boxes_rounded", "behind");
    assertThat(CasesOnOrt.channels(model, quantized.model(), data, "scores", 1))
        .allMatch(decibels -> decibels > 25);
    assertThat(CasesOnOrt.channels(model, quantized.model(), data, "behind", 1))
        .allMatch(decibels -> decibels > 25);
  }

  @Test
  void unlikeChannelsInsideTheNetworkShareAScale() {
    Model model =
        partsOfOneHead()
            .op("Shape", "shape", "scores")
            .add(
                Node.of("Cast", "size", List.of("shape"), List.of("size"))
                    .with("to", new Attribute.Int(1)))
            .from("scores")
            .op("Sigmoid", "sigmoid", "scores")
            .conv("one", 3, 2, 1, 1)
            .from("head")
            .conv("two", 7, 2, 1, 1)
            .op("Add", "sum", "one", "two")
            .from("boxes")
            .conv("three", 4, 2, 1, 1)
            .op("Add", "all", "sum", "three")
            .model("all", "size");
    Quantized quantized = quantized(model, CasesOnOrt.normal(model, _ -> 1));
    assertThat(quantized.plan().activations()).containsKeys("head", "scores", "one", "two");
    assertThat(quantized.plan().floatLayers()).isZero();
  }

  /// One Conv makes boxes and scores.
  private static Networks oneHead() {
    Networks net = Networks.input(1, -1, 3, 8, 8).conv("c", 3, 8, 3, 1).relu("r");
    float[] weights = net.normal(0.2, 7, 8, 1, 1).toFloats();
    for (int i = 0; i < 4 * 8; i++) {
      weights[i] *= 400;
    }
    return net.constant("head.weight", Tensor.of(new Shape(7, 8, 1, 1), weights))
        .op("Conv", "head", "r", "head.weight");
  }

  @Test
  void aConvolutionWhoseChannelsAreUnlikeMakesFloatsAndKeepsItsWeightsSmall() {
    Model model = oneHead().model();
    Dataset data = CasesOnOrt.normal(model, _ -> 1);
    Quantized quantized = quantized(model, data);
    assertThat(quantized.plan().activations())
        .containsOnlyKeys("input", "r")
        .doesNotContainKey("head");
    assertThat(quantized.plan().floatLayers()).isEqualTo(1);
    assertThat(quantized.plan().keptFloat())
        .extracting(Plan.KeptFloat::reason)
        .anyMatch(reason -> reason.contains("on one scale 4 to 6 would keep"));
    assertThat(CasesOnOrt.channels(model, quantized.model(), data, "head", 1))
        .allMatch(decibels -> decibels > 25);
  }

  @Test
  void aDeviceWithoutFloatsGives16Bits() {
    Model model = Cases.model("det-head-concat/det_mul");
    Dataset data = CasesOnOrt.normal(model, _ -> 1);
    Quantizer quantizer =
        new Quantizer(
            new OrtRuntime(), Recipe.W8A8, Devices.INTEGERS_ONLY, 1, Progress.Stages.NONE);
    Quantized quantized = quantizer.quantize(model, data);
    assertThat(requireNonNull(quantized.plan().activations().get("y")).type().isWide()).isTrue();
    assertThat(quantizer.place(quantized.prepared(), quantized.statistics()).unlikeChannels())
        .singleElement()
        .asString()
        .startsWith("y has 16 bits, for in 8 its channels differ");
    assertThat(CasesOnOrt.channels(model, quantized.model(), data, "y", 1))
        .allMatch(decibels -> decibels > 25);
    assertThat(quantizer.lower(quantized).isWide()).isTrue();
  }

  @Test
  void aDeviceWithoutFloatsGives16BitsToWhatALayerReadsIn8() {
    Model model = Cases.model(TWO_USES);
    Dataset data = CasesOnOrt.normal(model, _ -> 1);
    Quantizer quantizer =
        new Quantizer(
            new OrtRuntime(), Recipe.W8A8, Devices.INTEGERS_ONLY, 1, Progress.Stages.NONE);
    Quantized quantized = quantizer.quantize(model, data);
    assertThat(quantized.plan().activations())
        .allSatisfy((tensor, grid) ->
            assertThat(grid.type().isWide())
                .as(tensor)
                .isEqualTo(List.of("cat", "a", "b").contains(tensor)));
    assertThat(CasesOnOrt.channels(model, quantized.model(), data, "score", 1))
        .allMatch(decibels -> decibels > 15);
    assertThat(quantizer.lower(quantized).isWide()).isTrue();
  }
}
