package dev.halftone.onnxruntime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.NormalNoise;
import dev.halftone.Quantized;
import dev.halftone.Quantizer;
import dev.halftone.data.Dataset;
import dev.halftone.engine.Backend;
import dev.halftone.engine.Runner;
import dev.halftone.graph.Model;
import dev.halftone.judge.Gate;
import dev.halftone.meaning.OutputKind;
import dev.halftone.recipe.Recipe;
import dev.halftone.recipe.Rule;
import dev.halftone.tensor.Shape;
import dev.halftone.verify.Cases;
import dev.halftone.verify.Comparison;
import dev.halftone.verify.OutputFigures;
import dev.halftone.verify.Verifier;
import dev.halftone.verify.VerifyOptions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Networks with several outputs, selections and unlike channels, quantized and judged in the runtime.
class OutputsOnOrtTest {

  private static final Backend ORT = new OrtRuntime();

  private static Comparison compare(String name, Recipe recipe, List<String> outputs) {
    Model model = Cases.model(name);
    Shape shape = model.graph().inputs().getFirst().type().orElseThrow().shape().orElseThrow();
    Dataset data = new NormalNoise(24, model.graph().inputs().getFirst().name(), shape);
    Quantized quantized = new Quantizer(ORT, recipe).quantize(model, data);
    VerifyOptions options = VerifyOptions.of(model).withOutputs(outputs);
    try (Runner one = ORT.open(options.watched(model), Backend.Options.SERVING);
        Runner two = ORT.open(options.watched(quantized.model()), Backend.Options.SERVING)) {
      Comparison comparison = Verifier.compare(one, two, data, options);
      assertThat(Verifier.compare(one, two, data, options.withThreads(3))).isEqualTo(comparison);
      return comparison;
    }
  }

  private static Recipe bits(int bits) {
    return Recipe.W8A8.overriding(List.of(Rule.weights("*", bits)));
  }

  @ParameterizedTest
  @CsvSource({
    "end-to-end-nms/nms, sel, 2",
    "end-to-end-nms/nms_e2e, det, 2",
    "end-to-end-nms/nonzero, y, 1",
    "topk-always-agrees/topk, tv, 1",
  })
  void whatGoesIntoASelectionIsJudged(String name, String selected, int feeds) {
    Comparison comparison = compare(name, Recipe.W8A8, List.of());
    assertThat(comparison.judged())
        .hasSize(feeds)
        .extracting(OutputFigures::name)
        .doesNotContain(selected);
    assertThat(comparison.outputs())
        .filteredOn(output -> output.name().equals(selected))
        .singleElement()
        .satisfies(output -> assertThat(output.rows()).isPresent());
    assertThat(comparison.decibels()).isGreaterThan(20);
    assertThat(compare(name, bits(2), List.of()).decibels())
        .as("2 bits are seen")
        .isLessThan(comparison.decibels() - 10)
        .isLessThan(20);
  }

  @Test
  void theWorstOutputDecidesUnlessOthersAreNamed() {
    Recipe together = Recipe.W8A8.overriding(List.of(Rule.activations("cat", 8)));
    Comparison all = compare("multi-output-first-only/multiout", together, List.of());
    assertThat(all.outputs()).hasSize(3).allMatch(OutputFigures::isJudged);
    assertThat(all.worst().name()).isEqualTo("score");
    assertThat(Gate.parse("sqnr=20").missed(all).orElseThrow()).contains("output 'score'");
    Comparison first = compare("multi-output-first-only/multiout", together, List.of("a"));
    assertThat(first.judged()).extracting(OutputFigures::name).containsExactly("a");
    assertThat(Gate.parse("sqnr=20").missed(first)).isEmpty();
  }

  @Test
  void wavesAreValuesAndMapsAreTheSameByPosition() {
    OutputFigures wave = compare("waveform-judged-as-classes/wave", Recipe.W8A8, List.of()).main();
    assertThat(wave.kind()).isEqualTo(OutputKind.VALUES);
    assertThat(wave.decibels()).isGreaterThan(25);
    OutputFigures map = compare("argmax-map/argmax", Recipe.W8A8, List.of()).main();
    assertThat(map.kind()).isEqualTo(OutputKind.INDICES);
    assertThat(map.agreement().orElseThrow().positions().trials()).isEqualTo(24 * 64);
    assertThat(map.agreement().orElseThrow().positions().value()).isBetween(0.9, 0.9999);
  }

  @ParameterizedTest
  @CsvSource({"det_cat", "det_mul", "det_two"})
  void aDetectorWithoutScoresIsNotClose(String name) {
    assertThat(compare("det-head-concat/" + name, bits(2), List.of()).decibels()).isLessThan(10);
  }
}
