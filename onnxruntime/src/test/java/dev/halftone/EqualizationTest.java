package dev.halftone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halftone.data.Dataset;
import dev.halftone.engine.Backend;
import dev.halftone.engine.Progress;
import dev.halftone.engine.Runner;
import dev.halftone.equalize.ChannelRangeProbe;
import dev.halftone.equalize.Equalization;
import dev.halftone.graph.Attribute;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.onnxruntime.OptimizedGraph;
import dev.halftone.onnxruntime.OrtRuntime;
import dev.halftone.recipe.Recipe;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
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

  private static final OrtRuntime ORT = new OrtRuntime();
  private static final int CHANNELS = 24;

  /// How the uneven channels are made and read.
  enum Kind {
    RELU_BEFORE_DEPTHWISE,
    HARD_SWISH_BEFORE_DEPTHWISE,
    HARD_SWISH_OPERATOR,
    SWISH_BEFORE_POINTWISE,
    POOLED_AND_GATED,
    CONCATENATED,
    NORMALIZED_BEFORE_MATRIX
  }

  /// Every channel about 1.27 times the one before.
  private static float size(int channel) {
    return (float) Math.pow(300, (double) channel / (CHANNELS - 1) - 1) * 60;
  }

  /// Elements of the axis `inner` from the back times or over the size of their channel.
  private static Tensor sized(Tensor plain, int inner, boolean divided) {
    float[] values = plain.toFloats();
    for (int i = 0; i < values.length; i++) {
      float size = size(i / inner % CHANNELS);
      values[i] = divided ? values[i] / size : values[i] * size;
    }
    return Tensor.of(plain.shape(), values);
  }

  static Model net(Kind kind) {
    Networks net = Networks.input(4, -1, 3, 12, 12).conv("uneven", 3, CHANNELS, 3, 1);
    net.constant("uneven.weight", sized(net.normal(0.3, CHANNELS, 3, 3, 3), 27, false))
        .constant("uneven.bias", sized(net.normal(0.3, CHANNELS), 1, false));
    return switch (kind) {
      case RELU_BEFORE_DEPTHWISE -> depthwise(net.relu("active"));
      case HARD_SWISH_BEFORE_DEPTHWISE -> depthwise(hardSwish(net));
      case HARD_SWISH_OPERATOR -> depthwise(net.op("HardSwish", "active", "uneven"));
      case SWISH_BEFORE_POINTWISE -> pointwise(swish(net));
      case POOLED_AND_GATED -> gated(swish(net));
      case CONCATENATED -> concatenated(net.relu("active"));
      case NORMALIZED_BEFORE_MATRIX -> normalized(net);
    };
  }

  private static Networks hardSwish(Networks net) {
    return net.constant("three", Tensor.scalar(3))
        .constant("zero", Tensor.scalar(0))
        .constant("six", Tensor.scalar(6))
        .op("Add", "shifted", "uneven", "three")
        .op("Clip", "gate", "shifted", "zero", "six")
        .op("Mul", "gated", "uneven", "gate")
        .op("Div", "active", "gated", "six");
  }

  private static Networks swish(Networks net) {
    return net.op("Sigmoid", "gate", "uneven").op("Mul", "active", "uneven", "gate");
  }

  private static Model depthwise(Networks net) {
    net.conv("reading", CHANNELS, CHANNELS, 3, CHANNELS);
    net.constant("reading.weight", sized(net.normal(0.5, CHANNELS, 1, 3, 3), 9, true));
    return net.head("logits", CHANNELS, 10).model();
  }

  private static Model pointwise(Networks net) {
    net.conv("reading", CHANNELS, 30, 1, 1);
    net.constant("reading.weight", sized(net.normal(0.3, 30, CHANNELS, 1, 1), 1, true));
    return net.head("logits", 30, 10).model();
  }

  /// A squeeze-excite block stands between.
  private static Model gated(Networks net) {
    net.op("GlobalAveragePool", "pool", "active").conv("squeeze", CHANNELS, CHANNELS, 1, 1);
    net.constant("squeeze.weight", sized(net.normal(0.3, CHANNELS, CHANNELS, 1, 1), 1, true))
        .op("Sigmoid", "excite", "squeeze")
        .op("Mul", "excited", "active", "excite");
    return pointwise(net);
  }

  /// Behind channels that reach farther than any of them and hardly count.
  private static Model concatenated(Networks net) {
    net.from("input").conv("beside", 3, 8, 3, 1);
    net.constant("beside.weight", net.normal(60, 8, 3, 3, 3))
        .relu("large")
        .add(
            Node.of("Concat", "both", List.of("large", "active"), List.of("both"))
                .with("axis", new Attribute.Int(1)))
        .conv("reading", 8 + CHANNELS, 30, 1, 1);
    float[] weights = net.normal(0.3, 30, 8 + CHANNELS, 1, 1).toFloats();
    for (int i = 0; i < weights.length; i++) {
      int channel = i % (8 + CHANNELS) - 8;
      weights[i] /= channel < 0 ? 1000 : size(channel);
    }
    net.constant("reading.weight", Tensor.of(new Shape(30, 8 + CHANNELS, 1, 1), weights));
    return net.head("logits", 30, 10).model();
  }

  private static Model normalized(Networks net) {
    net.constant("matrix", Tensor.vector(-1L, (long) CHANNELS))
        .constant("gain", sized(net.normal(1, CHANNELS), 1, false))
        .constant("offset", sized(net.normal(1, CHANNELS), 1, false))
        .constant("even", sized(net.normal(3, CHANNELS, CHANNELS), CHANNELS, true))
        .constant("weight", sized(net.normal(0.3, CHANNELS, 16), 16, true))
        .constant("last", net.normal(0.3, 16, 10))
        .op("GlobalAveragePool", "pool", "uneven")
        .op("Reshape", "row", "pool", "matrix")
        .op("MatMul", "mixed", "row", "even")
        .op("LayerNormalization", "normal", "mixed", "gain", "offset")
        .op("MatMul", "hidden", "normal", "weight")
        .op("Relu", "active", "hidden")
        .op("MatMul", "logits", "active", "last");
    return net.model();
  }

  private static Quantizer quantizer(boolean equalizes) {
    Recipe recipe = Recipe.W8A8.withEqualization(equalizes);
    return new Quantizer(ORT, recipe, 2, Progress.Stages.NONE);
  }

  /// Of the output on samples that calibration did not see, dB.
  private static double sqnr(Model real, Model other) {
    Dataset fresh = new Noise(150).select(IntStream.range(100, 150).toArray());
    try (Runner one = ORT.open(real, Backend.Options.SERVING);
        Runner two = ORT.open(other, Backend.Options.SERVING)) {
      return Verifier.compare(one, two, fresh, VerifyOptions.of(real)).sqnr().decibels();
    }
  }

  @ParameterizedTest
  @EnumSource
  void unevenChannelsKeepTheirAnswersInEightBits(Kind kind) {
    Model net = net(kind);
    Quantized as = quantizer(false).quantize(net, new Noise(60));
    Quantized equalized = quantizer(true).quantize(net, new Noise(60));

    assertThat(sqnr(net, equalized.prepared())).isGreaterThan(50); // shut sigmoids leave 1/2900
    assertThat(equalized.statistics().equalization().scaled()).isPositive();
    double before = sqnr(net, as.model());
    double after = sqnr(net, equalized.model());
    assertThat(after).isGreaterThan(before + 6).isGreaterThan(25);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NORMALIZED_BEFORE_MATRIX")
  void allStaysInteger(Kind kind) {
    Quantized equalized = quantizer(true).quantize(net(kind), new Noise(60));
    assertThat(OptimizedGraph.of(ORT, equalized.model()).floatNodes()).isEmpty();
  }

  @Test
  void aBoundThatWouldHaveToDifferByChannelStandsInTheWay() {
    Networks net = Networks.input(4, -1, 3, 12, 12).conv("uneven", 3, CHANNELS, 3, 1);
    Model bounded = depthwise(net.relu6("active"));
    assertThat(reached(bounded)).doesNotContain("uneven");
  }

  @Test
  void whatASumReadsIsLeftAsItIs() {
    Networks net = Networks.input(4, -1, 3, 12, 12).conv("uneven", 3, CHANNELS, 3, 1);
    Model residual =
        pointwise(
            net.relu("active")
                .conv("branch", CHANNELS, CHANNELS, 1, 1)
                .op("Add", "sum", "active", "branch"));
    assertThat(reached(residual)).doesNotContain("uneven", "branch");
  }

  @Test
  void evenChannelsAreLeftAsTheyAre() {
    Networks net = Networks.input(4, -1, 3, 12, 12).conv("even", 3, CHANNELS, 3, 1).relu("active");
    Model even = net.conv("reading", CHANNELS, 30, 1, 1).head("logits", 30, 10).model();
    assertThat(reached(even)).contains("even");
    Quantizer quantizer = quantizer(true);
    assertThat(quantizer.quantize(even, new Noise(60)).statistics().equalization())
        .isEqualTo(Equalization.NONE);
  }

  @Test
  void savedStatisticsSayHowTheNetworkWasEqualized() {
    Quantizer quantizer = quantizer(true);
    Model prepared = quantizer.prepare(net(Kind.HARD_SWISH_BEFORE_DEPTHWISE));
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
    Model model = net(Kind.values()[0]);
    assertThat(new ChannelRangeProbe(model, List.of()).tensors()).isEmpty();
    assertThat(reached(model)).isNotEmpty();
  }
}
