package dev.halftone.onnxruntime;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.Networks;
import dev.halftone.Quantized;
import dev.halftone.Quantizer;
import dev.halftone.data.Dataset;
import dev.halftone.data.Sample;
import dev.halftone.device.Devices;
import dev.halftone.device.PairedProducts;
import dev.halftone.engine.Backend;
import dev.halftone.engine.Runner;
import dev.halftone.graph.Attribute;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.graph.shape.ShapeInference;
import dev.halftone.plan.LayerSums;
import dev.halftone.plan.Placer;
import dev.halftone.recipe.Recipe;
import dev.halftone.recipe.Rounding;
import dev.halftone.scheme.Affine;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Large activations on large weights side by side, which processors without VNNI would saturate: integer kernels compute what the
/// QuantizeLinear and DequantizeLinear nodes say. A processor with VNNI cannot fail this test but for the sums it checks.
class PairedProductsOnOrtTest {

  private static final OrtRuntime ORT = new OrtRuntime();
  private static final int SIDE = 6;
  private static final int OUTPUTS = 16;

  enum Kind {
    POINTWISE(16, 1, 1),
    KERNEL_OF_9(8, 3, 1),
    ODD_CHANNELS(3, 3, 1),
    GROUPS(12, 3, 2),
    DEPTHWISE_TIMES_2(8, 3, 8),
    GEMM(33, 0, 1),
    MATMUL(32, 0, 1);

    private final int channels;
    private final int kernel;
    private final int group;

    Kind(int channels, int kernel, int group) {
      this.channels = channels;
      this.kernel = kernel;
      this.group = group;
    }

    Shape input() {
      return kernel > 0 ? new Shape(1, channels, SIDE, SIDE) : new Shape(1, channels);
    }

    Shape weight() {
      return switch (this) {
        case GEMM -> new Shape(OUTPUTS, channels);
        case MATMUL -> new Shape(channels, OUTPUTS);
        default -> new Shape(OUTPUTS, channels / group, kernel, kernel);
      };
    }

    Node node() {
      Node node =
          Node.of(
              kernel > 0 ? "Conv" : this == GEMM ? "Gemm" : "MatMul",
              "y",
              List.of("input", "w"),
              List.of("y"));
      return switch (this) {
        case GEMM -> node.with("transB", new Attribute.Int(1));
        case MATMUL -> node;
        default ->
            node.with("group", new Attribute.Int(group))
                .with("kernel_shape", Attribute.Ints.of(kernel, kernel));
      };
    }

    Model model(Tensor weight) {
      Networks net =
          kernel > 0
              ? Networks.input(1, -1, channels, SIDE, SIDE)
              : Networks.input(1, -1, channels);
      return net.constant("w", weight).add(node()).model();
    }
  }

  /// Most activations are at the top of the range.
  private record Bright(Shape shape) implements Dataset {

    @Override
    public int size() {
      return 8;
    }

    @Override
    public Sample sample(int index) {
      Random random = new Random(index);
      float[] values = new float[(int) shape.count()];
      for (int i = 0; i < values.length; i++) {
        values[i] = Math.min(1, 1.5f * random.nextFloat());
      }
      return new Sample(
          "b" + index, Map.of("input", Tensor.of(shape, values)), OptionalInt.empty());
    }

    @Override
    public String description() {
      return "bright";
    }
  }

  private static Quantized quantize(Kind kind, Model model, Rounding rounding) {
    Recipe recipe = Recipe.W8A8.withRounding(rounding).withoutBiasCorrection();
    return new Quantizer(ORT, recipe).quantize(model, new Bright(kind.input()));
  }

  private static void assertExact(Kind kind, Quantized quantized) {
    Bright data = new Bright(kind.input());
    Affine made = quantized.plan().activations().get("y"); // none where the kernel makes floats
    float step = made == null ? 1e-3f : made.scale();
    try (Runner integers = ORT.open(quantized.model(), Backend.Options.SERVING);
        Runner said = ORT.open(quantized.model(), Backend.Options.VERBATIM)) {
      for (int i = 0; i < data.size(); i++) {
        float[] is = run(integers, data.sample(i));
        float[] shouldBe = run(said, data.sample(i));
        for (int k = 0; k < is.length; k++) {
          assertThat(Math.abs(is[k] - shouldBe[k])).as(kind + " " + k).isLessThan(1.01f * step);
        }
      }
    }
  }

  private static float[] run(Runner runner, Sample sample) {
    return runner.run(sample.inputs()).values().iterator().next().toFloats();
  }

  /// Weights of nearly one size and of one sign in half of the outputs: seven bits for most of them.
  @ParameterizedTest
  @EnumSource
  void largeNeighboursTakeALargerScale(Kind kind) {
    Random random = new Random(2);
    float[] weights = new float[(int) kind.weight().count()];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (0.8f + 0.2f * random.nextFloat()) * (random.nextInt(8) == 0 ? -1 : 1);
    }
    Model model = kind.model(Tensor.of(kind.weight(), weights));
    for (Rounding rounding : Rounding.values()) {
      Quantized quantized = quantize(kind, model, rounding);
      assertExact(kind, quantized);
      List<LayerSums> sums =
          LayerSums.of(
              quantized.model().graph(),
              Placer.place(
                  quantized.model().graph(),
                  ShapeInference.infer(quantized.model()).all(),
                  Recipe.W8A8,
                  Devices.ONNX_RUNTIME_CPU));
      assertThat(sums).isNotEmpty().allMatch(LayerSums::pairsFitInt16);
    }
  }

  /// Large weights side by side that no pair holds both of: they keep their eight bits, and the kernel proves in which order it reads.
  @ParameterizedTest
  @EnumSource
  void neighboursOfTwoPairsDoNot(Kind kind) {
    Shape shape = kind.weight();
    PairedProducts pairs = Devices.ONNX_RUNTIME_CPU.paired(kind.node(), shape).orElseThrow();
    float[] weights = new float[(int) shape.count()];
    for (int output = 0; output < OUTPUTS; output++) {
      for (int k = 0; k < pairs.inputs(); k++) {
        int input = pairs.position(k);
        int at = kind == Kind.MATMUL ? input * OUTPUTS + output : output * pairs.inputs() + input;
        weights[at] = k % 4 == 1 || k % 4 == 2 ? 1 : 0.001f * output / OUTPUTS;
      }
    }
    Quantized quantized = quantize(kind, kind.model(Tensor.of(shape, weights)), Rounding.NEAREST);
    for (float scale : requireNonNull(quantized.layers().get("y")).weight().grid().scales()) {
      assertThat(scale).isEqualTo(1 / 127f);
    }
    assertExact(kind, quantized);
  }
}
