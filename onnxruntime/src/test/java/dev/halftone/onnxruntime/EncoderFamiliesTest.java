package dev.halftone.onnxruntime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.Quantizer;
import dev.halftone.data.Dataset;
import dev.halftone.engine.Backend;
import dev.halftone.engine.Runner;
import dev.halftone.graph.Model;
import dev.halftone.metric.Sqnr;
import dev.halftone.recipe.Recipe;
import dev.halftone.recipe.Rounding;
import dev.halftone.tensor.Tensor;
import dev.halftone.testing.EncoderStyle;
import dev.halftone.testing.EncoderTexts;
import dev.halftone.testing.Encoders;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The small encoders of all families, in all ways in which exporters write them, quantized by the recipes for transformers.
class EncoderFamiliesTest {

  private static final OrtRuntime ORT = new OrtRuntime();
  private static final int SAMPLES = 40;

  private static Model quantized(Model model, Recipe recipe) {
    Dataset texts = EncoderTexts.of(model, SAMPLES);
    return new Quantizer(ORT, recipe.withRounding(Rounding.NEAREST)).quantize(model, texts).model();
  }

  @ParameterizedTest
  @MethodSource("dev.halftone.testing.Encoders#ofTexts")
  void everyStyleKeepsItsVectors(Encoders.Family family) {
    for (EncoderStyle style : Encoders.styles()) {
      Model model = family.drawn().apply(style);
      for (Recipe recipe : List.of(Recipe.TRANSFORMER, Recipe.TRANSFORMER_EXACT, Recipe.ROWS)) {
        double cosine = cosine(model, quantized(model, recipe));
        assertThat(cosine).as("%s, %s", recipe.name(), style).isGreaterThan(0.99);
      }
    }
  }

  /// The mean of cosines of first outputs, over texts that calibration did not see.
  private static double cosine(Model model, Model quantized) {
    EncoderTexts texts = EncoderTexts.of(model, SAMPLES + 20);
    String output = OutputOnOrt.first(model);
    double sum = 0;
    try (Runner real = ORT.open(model, Backend.Options.SERVING);
        Runner integer = ORT.open(quantized, Backend.Options.SERVING)) {
      for (int i = SAMPLES; i < SAMPLES + 20; i++) {
        Map<String, Tensor> inputs = texts.sample(i).inputs();
        float[] expected = OutputOnOrt.of(real, inputs, output);
        float[] found = OutputOnOrt.of(integer, inputs, output);
        sum += Sqnr.of(expected, found).cosine() / 20;
      }
    }
    return sum;
  }

  @ParameterizedTest
  @MethodSource("dev.halftone.testing.Encoders#ofTexts")
  void aTextGivesTheSameInEveryBatch(Encoders.Family family) {
    Model model = family.drawn().apply(EncoderStyle.EXPORTED);
    EncoderTexts texts = EncoderTexts.of(model, SAMPLES);
    String output = OutputOnOrt.first(model);
    for (Recipe recipe : List.of(Recipe.TRANSFORMER, Recipe.TRANSFORMER_EXACT, Recipe.ROWS)) {
      try (Runner runner = ORT.open(quantized(model, recipe), Backend.Options.SERVING)) {
        float[] together = OutputOnOrt.of(runner, texts.batch(List.of(3, 0, 4)), output);
        float[] alone = OutputOnOrt.of(runner, texts.batch(List.of(3)), output);
        float[] first = Arrays.copyOf(together, alone.length);
        assertThat(Sqnr.of(alone, first).cosine()).as(recipe.name()).isGreaterThan(0.99999);
      }
    }
  }
}
