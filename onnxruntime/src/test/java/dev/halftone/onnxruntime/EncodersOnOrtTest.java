package dev.halftone.onnxruntime;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.halftone.engine.Backend;
import dev.halftone.engine.Runner;
import dev.halftone.graph.Model;
import dev.halftone.graph.TensorType;
import dev.halftone.graph.Value;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Tensor;
import dev.halftone.testing.EncoderStyle;
import dev.halftone.testing.EncoderTexts;
import dev.halftone.testing.Encoders;
import dev.halftone.testing.Models;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// The small encoders of [Encoders] in ONNX Runtime: each loads in all styles, which compute the same; padding counts for nothing; outliers are
/// where they are meant to be.
class EncodersOnOrtTest {

  private static final OrtRuntime ORT = new OrtRuntime();

  private static final int FIRING_CHANNEL = 11;

  private static Map<String, Tensor> inputs(Model model) {
    return Encoders.readsTexts(model)
        ? EncoderTexts.of(model, 9).batch(List.of(0, 1, 2))
        : Models.noise(model, 16);
  }

  private static float[] run(Model model, Map<String, Tensor> inputs) {
    return OutputOnOrt.of(model, inputs, OutputOnOrt.first(model));
  }

  @ParameterizedTest
  @MethodSource("dev.halftone.testing.Encoders#families")
  void stylesComputeTheSame(Encoders.Family family) {
    Model exported = family.drawn().apply(EncoderStyle.EXPORTED);
    float[] expected = run(exported, inputs(exported));
    for (EncoderStyle style : Encoders.styles()) {
      Model model = family.drawn().apply(style);
      float[] values = run(model, inputs(exported));
      assertThat(values).as("%s", style).hasSameSizeAs(expected);
      for (int i = 0; i < expected.length; i++) {
        assertThat(values[i]).as("%s", style).isCloseTo(expected[i], within(2e-3f));
      }
    }
  }

  /// Each text gives the same alone and padded in a batch.
  @ParameterizedTest
  @MethodSource("dev.halftone.testing.Encoders#ofTexts")
  void paddingCountsForNothing(Encoders.Family family) {
    for (EncoderStyle style : Encoders.styles()) {
      Model model = family.drawn().apply(style);
      EncoderTexts texts = EncoderTexts.of(model, 9);
      float[] together = run(model, texts.batch(List.of(3, 0, 4)));
      int row = together.length / 3;
      for (int i = 0; i < 3; i++) {
        float[] alone = run(model, texts.batch(List.of(List.of(3, 0, 4).get(i))));
        for (int k = 0; k < alone.length; k++) {
          assertThat(together[i * row + k]).as("%s", style).isCloseTo(alone[k], within(2e-3f));
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyGeluRuns(EncoderStyle.Gelu gelu) {
    Model model = Encoders.bert(EncoderStyle.EXPORTED.with(gelu));
    assertThat(run(model, inputs(model))).doesNotContain(Float.NaN);
  }

  /// One channel of the first inner layer fires on the special token, and hardly elsewhere.
  @ParameterizedTest
  @MethodSource("dev.halftone.testing.Encoders#families")
  void oneChannelFiresOnOneToken(Encoders.Family family) {
    Model model = family.drawn().apply(EncoderStyle.EXPORTED);
    boolean readsTexts = Encoders.readsTexts(model);
    Map<String, Tensor> one =
        readsTexts ? EncoderTexts.of(model, 9).sample(1).inputs() : inputs(model);
    String inner = made(model, "layer0.glu.gated", "layer0.gelu");
    Tensor values = exposed(model, inner, one);
    int width = (int) values.shape().dim(2);
    float[] fired = values.toFloats();
    int special = readsTexts ? (int) values.shape().dim(1) - 1 : 0;
    assertThat(most(fired, special, width)).isBetween(12.0f, 35.0f);
    assertThat(most(fired, special, width)).isEqualTo(fired[special * width + FIRING_CHANNEL]);
    assertThat(most(fired, 1, width)).isLessThan(9);
  }

  /// Two channels of what the first inner layer reads reach far beyond the others.
  @ParameterizedTest
  @MethodSource("dev.halftone.testing.Encoders#families")
  void channelsOfNormalizationsStandOut(Encoders.Family family) {
    Model model = family.drawn().apply(EncoderStyle.EXPORTED);
    boolean before = !Encoders.readsTexts(model) || family.name().equals("modernBert");
    Tensor values = exposed(model, before ? "layer0.norm2" : "layer0.norm1", inputs(model));
    float[] all = values.toFloats();
    float[] most = new float[(int) values.shape().dim(2)];
    for (int i = 0; i < all.length; i++) {
      most[i % most.length] = Math.max(most[i % most.length], Math.abs(all[i]));
    }
    Arrays.sort(most);
    assertThat(most[most.length / 2]).isLessThan(1.5f);
    assertThat(most[most.length - 3]).isLessThan(4);
    assertThat(most[most.length - 2]).isGreaterThan(8);
    assertThat(most[most.length - 1]).isGreaterThan(15);
  }

  private static String made(Model model, String... wanted) {
    return Stream.of(wanted)
        .filter(name -> model.graph().nodes().stream().anyMatch(node -> node.output().equals(name)))
        .findFirst()
        .orElseThrow();
  }

  /// A value inside.
  private static Tensor exposed(Model model, String value, Map<String, Tensor> inputs) {
    Value output = new Value(value, TensorType.ofUnknownRank(DType.FLOAT));
    Model opened = model.withGraph(model.graph().withOutputs(List.of(output)));
    try (Runner runner = ORT.open(opened, Backend.Options.VERBATIM)) {
      return requireNonNull(runner.run(inputs).get(value));
    }
  }

  private static float most(float[] values, int row, int width) {
    float most = 0;
    for (int i = row * width; i < (row + 1) * width; i++) {
      most = Math.max(most, values[i]);
    }
    return most;
  }
}
