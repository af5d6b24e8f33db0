package dev.halftone.onnxruntime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.Quantized;
import dev.halftone.Quantizer;
import dev.halftone.data.Dataset;
import dev.halftone.data.Sample;
import dev.halftone.engine.Backend;
import dev.halftone.engine.Execution;
import dev.halftone.engine.Progress;
import dev.halftone.engine.Runner;
import dev.halftone.graph.Dim;
import dev.halftone.graph.Model;
import dev.halftone.meaning.OutputKind;
import dev.halftone.metric.Sqnr;
import dev.halftone.recipe.Recipe;
import dev.halftone.tensor.DType;
import dev.halftone.verify.Comparison;
import dev.halftone.verify.LayerError;
import dev.halftone.verify.LayerErrors;
import dev.halftone.verify.Verifier;
import dev.halftone.verify.VerifyOptions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/// A net of two convolutions, quantized and held against itself in the runtime.
class VerifyOnOrtTest {

  private static final Backend ORT = new OrtRuntime();

  private static final Model NET =
      new SmallModels()
          .input(
              SmallModels.value("x", DType.FLOAT, SmallModels.N, Dim.of(3), Dim.of(6), Dim.of(6)))
          .constant("w1", SmallModels.random(1, 8, 3, 3, 3))
          .constant("w2", SmallModels.random(2, 5, 8, 3, 3))
          .node(SmallModels.conv("first", "x", "w1", "c1"))
          .node("Relu", List.of("c1"), "r1")
          .node(SmallModels.conv("second", "r1", "w2", "c2"))
          .node("GlobalAveragePool", List.of("c2"), "p")
          .node("Flatten", List.of("p"), "y")
          .output(SmallModels.value("y", DType.FLOAT, SmallModels.N, Dim.of(5)))
          .model();

  private static final Dataset DATA =
      new Dataset() {
        @Override
        public int size() {
          return 40;
        }

        @Override
        public Sample sample(int index) {
          return new Sample(
              "row " + index,
              Map.of("x", SmallModels.random(100 + index, 1, 3, 6, 6)),
              OptionalInt.empty());
        }

        @Override
        public String description() {
          return "40 rows of noise";
        }
      };

  private static final Quantized QUANTIZED = new Quantizer(ORT, Recipe.W8A8).quantize(NET, DATA);

  @Test
  void modelsAreComparedTheSameOnAnyThreads() {
    try (Runner floatModel = ORT.open(NET, Backend.Options.SERVING);
        Runner quantized = ORT.open(QUANTIZED.model(), Backend.Options.SERVING)) {
      VerifyOptions options = VerifyOptions.of(NET);
      Comparison comparison = Verifier.compare(floatModel, quantized, DATA, options);
      assertThat(comparison.kind()).isEqualTo(OutputKind.CLASSES);
      assertThat(comparison.classes()).isEqualTo(5);
      assertThat(comparison.agreement().orElseThrow().inputs().value()).isGreaterThan(0.8);
      assertThat(comparison.sqnr().decibels()).isBetween(15.0, 70.0);
      assertThat(Verifier.compare(floatModel, quantized, DATA, options.withThreads(3)))
          .isEqualTo(comparison);
    }
  }

  @Test
  void theErrorOfALayerIsThatOfItsParts() {
    Map<String, Model> variants = new LinkedHashMap<>();
    variants.put(LayerErrors.QUANTIZED, QUANTIZED.model());
    variants.put(LayerErrors.WEIGHTS_ONLY, QUANTIZED.weightsOnly());
    variants.put(LayerErrors.ACTIVATIONS_ONLY, QUANTIZED.activationsOnly());
    List<LayerError> layers =
        LayerErrors.measure(
            new Execution(ORT, 2, Progress.Stages.NONE),
            QUANTIZED.prepared(),
            variants,
            List.of("r1", "c2", "y"),
            DATA.first(10));
    assertThat(layers).extracting(LayerError::tensor).containsExactly("r1", "c2", "y");
    Sqnr all = sqnr(layers.get(1), LayerErrors.QUANTIZED);
    Sqnr weights = sqnr(layers.get(1), LayerErrors.WEIGHTS_ONLY);
    Sqnr activations = sqnr(layers.get(1), LayerErrors.ACTIVATIONS_ONLY);
    assertThat(weights.noise()).isPositive().isLessThan(all.noise());
    assertThat(activations.noise()).isPositive();
    assertThat(all.noise() / (weights.noise() + activations.noise())).isBetween(0.5, 2.0);
    assertThat(worst(layers.get(1)))
        .get()
        .extracting(LayerError.WorstChannel::channels)
        .isEqualTo(5);
  }

  private static LayerError.Variant variant(LayerError layer, String name) {
    return Objects.requireNonNull(layer.variants().get(name), name);
  }

  private static Sqnr sqnr(LayerError layer, String name) {
    return variant(layer, name).sqnr();
  }

  private static Optional<LayerError.WorstChannel> worst(LayerError layer) {
    return variant(layer, LayerErrors.QUANTIZED).worst();
  }
}
