package dev.halftone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halftone.calibrate.Exposed;
import dev.halftone.data.Dataset;
import dev.halftone.engine.Backend;
import dev.halftone.engine.Progress;
import dev.halftone.engine.Runner;
import dev.halftone.equalize.ChannelRangeProbe;
import dev.halftone.equalize.Equalization;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.recipe.Recipe;
import dev.halftone.tensor.Tensor;
import dev.halftone.testing.Interpreter;
import dev.halftone.testing.UnevenNets;
import dev.halftone.testing.UnevenNets.Kind;
import dev.halftone.verify.Verifier;
import dev.halftone.verify.VerifyOptions;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Networks whose channels differ in size by a factor of hundreds.
class EqualizationTest {

  private static final Backend INTERPRETER = new Interpreter();

  private static Quantizer quantizer(boolean equalizes) {
    Recipe recipe = equalizes ? Recipe.W8A8.withEqualization() : Recipe.W8A8.withoutEqualization();
    return new Quantizer(INTERPRETER, recipe, 2, Progress.Stages.NONE);
  }

  /// Of the output on samples that calibration did not see, dB.
  private static double sqnr(Model real, Model other) {
    Dataset fresh = new Noise(150).select(IntStream.range(100, 150).toArray());
    try (Runner one = INTERPRETER.open(real, Backend.Options.SERVING);
        Runner two = INTERPRETER.open(other, Backend.Options.SERVING)) {
      return Verifier.compare(one, two, fresh, VerifyOptions.of(real)).sqnr().decibels();
    }
  }

  /// Who observes all tensors refuses such values, and must come to do it.
  @Test
  void undefinedActivationsDoNotEndTheProbe() {
    Model net = UnevenNets.net(Kind.values()[0]);
    Set<String> tensors = quantizer(true).place(net).shares().keySet();
    ChannelRangeProbe probe = new ChannelRangeProbe(net, tensors);
    assertThat(probe.tensors()).isNotEmpty();
    try (Runner runner =
        INTERPRETER.open(Exposed.tensors(net, probe.tensors()), Backend.Options.SERVING)) {
      runner
          .run(new Noise(1).sample(0).inputs())
          .forEach((name, tensor) -> {
            float[] values = tensor.toFloats();
            values[0] = Float.NaN;
            assertThatCode(() -> probe.observe(name, Tensor.of(tensor.shape(), values)))
                .doesNotThrowAnyException();
          });
    }
  }

  @ParameterizedTest
  @EnumSource
  void unevenChannelsKeepTheirAnswersInEightBits(Kind kind) {
    Model net = UnevenNets.net(kind);
    Quantized as = quantizer(false).quantize(net, new Noise(60));
    Quantized equalized = quantizer(true).quantize(net, new Noise(60));

    assertThat(sqnr(net, equalized.prepared())).isGreaterThan(50); // shut sigmoids leave 1/2900
    assertThat(equalized.statistics().equalization().scaled()).isPositive();
    double before = sqnr(net, as.model());
    double after = sqnr(net, equalized.model());
    assertThat(after).isGreaterThan(before + 6).isGreaterThan(25);
  }

  @Test
  void aBoundThatWouldHaveToDifferByChannelStandsInTheWay() {
    Networks net = Networks.input(4, -1, 3, 12, 12).conv("uneven", 3, UnevenNets.CHANNELS, 3, 1);
    Model bounded = UnevenNets.depthwise(net.relu6("active"));
    assertThat(reached(bounded)).doesNotContain("uneven");
  }

  @Test
  void whatASumReadsIsLeftAsItIs() {
    Networks net = Networks.input(4, -1, 3, 12, 12).conv("uneven", 3, UnevenNets.CHANNELS, 3, 1);
    Model residual =
        UnevenNets.pointwise(
            net.relu("active")
                .conv("branch", UnevenNets.CHANNELS, UnevenNets.CHANNELS, 1, 1)
                .op("Add", "sum", "active", "branch"));
    assertThat(reached(residual)).doesNotContain("uneven", "branch");
  }

  @Test
  void evenChannelsAreLeftAsTheyAre() {
    Networks net =
        Networks.input(4, -1, 3, 12, 12).conv("even", 3, UnevenNets.CHANNELS, 3, 1).relu("active");
    Model even = net.conv("reading", UnevenNets.CHANNELS, 30, 1, 1).head("logits", 30, 10).model();
    assertThat(reached(even)).contains("even");
    Quantizer quantizer = quantizer(true);
    assertThat(quantizer.quantize(even, new Noise(60)).statistics().equalization())
        .isEqualTo(Equalization.NONE);
  }

  @Test
  void savedStatisticsSayHowTheNetworkWasEqualized() {
    Quantizer quantizer = quantizer(true);
    Model prepared = quantizer.prepare(UnevenNets.net(Kind.HARD_SWISH_BEFORE_DEPTHWISE));
    Calibrated calibrated = quantizer.calibrate(prepared, new Noise(60));
    Calibrated again = quantizer.calibrated(prepared, calibrated.statistics());
    assertThat(again.prepared().graph().nodes()).isEqualTo(calibrated.prepared().graph().nodes());

    Model other = quantizer.prepare(Networks.input(1, -1, 3, 12, 12).head("x", 3, 2).model());
    assertThatThrownBy(() -> quantizer.calibrated(other, calibrated.statistics()))
        .isInstanceOf(UnusableInputException.class)
        .hasMessageContaining("another model");
  }

  /// Where whatever can become integers does.
  private static Set<String> reached(Model model) {
    return new ChannelRangeProbe(model, model.graph().nodes().stream().map(Node::output).toList())
        .tensors();
  }

  /// A layer that computes with floats is left as it is.
  @Test
  void channelsThatStayFloatsAreNotDivided() {
    Model model = UnevenNets.net(Kind.values()[0]);
    assertThat(new ChannelRangeProbe(model, List.of()).tensors()).isEmpty();
    assertThat(reached(model)).isNotEmpty();
  }
}
