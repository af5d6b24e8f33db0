package dev.halftone.litert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halftone.UnsupportedModelException;
import dev.halftone.UnusableInputException;
import dev.halftone.integer.Clamp;
import dev.halftone.integer.IntegerGraph;
import dev.halftone.integer.IntegerOp;
import dev.halftone.integer.Made;
import dev.halftone.integer.Multipliers;
import dev.halftone.integer.Weights;
import dev.halftone.scheme.Affine;
import dev.halftone.scheme.FixedPoint;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.tensorflow.lite.schema.BuiltinOperator;
import org.tensorflow.lite.schema.Model;
import org.tensorflow.lite.schema.SubGraph;
import org.tensorflow.lite.schema.Tensor;
import org.tensorflow.lite.schema.TensorType;

/// What a reader of the file finds in it.
class FileTest {

  private static final Affine IN = Made.grid(0.05, -11);
  private static final Affine OUT = Made.grid(0.07, 5);

  private static IntegerGraph conv(Clamp clamp) {
    Weights made = Made.weights(new Random(3), 2, 27, 1);
    float[] scales = {0.001f, 0.002f};
    List<FixedPoint> rescale =
        List.of(
            FixedPoint.of(Multipliers.weighted(IN, scales[0], OUT)),
            FixedPoint.of(Multipliers.weighted(IN, scales[1], OUT)));
    Weights weights = new Weights(made.values(), made.bias(), rescale, scales);
    return Made.graph(
        y -> new IntegerOp.Conv(0, y, Made.square(3, 1, 1, 1), 1, weights, clamp),
        Made.tensor("x", IN, 1, 5, 7, 3),
        Made.tensor("y", OUT, 1, 5, 7, 2));
  }

  private static Model read(IntegerGraph graph, PortType ports) {
    return Model.getRootAsModel(
        ByteBuffer.wrap(LiteRtWriter.bytes(graph, ports, false, "Of a test.")));
  }

  private static Tensor tensor(SubGraph graph, String name) {
    for (int i = 0; i < graph.tensorsLength(); i++) {
      if (name.equals(graph.tensors(i).name())) {
        return graph.tensors(i);
      }
    }
    throw new AssertionError("no tensor " + name);
  }

  @Test
  void aConvolutionIsOneOperationWithAScaleForEachChannel() {
    byte[] bytes = LiteRtWriter.bytes(conv(Clamp.NONE), PortType.INT8, false, "Of a test.");
    assertThat(new String(bytes, 4, 4, StandardCharsets.US_ASCII)).isEqualTo("TFL3");
    assertThat(bytes)
        .isEqualTo(LiteRtWriter.bytes(conv(Clamp.NONE), PortType.INT8, false, "Of a test."));
    Model model = read(conv(Clamp.NONE), PortType.INT8);
    assertThat(model.version()).isEqualTo(3);
    assertThat(model.description()).isEqualTo("Of a test.");
    SubGraph graph = model.subgraphs(0);
    assertThat(graph.operatorsLength()).isEqualTo(1);
    assertThat(model.operatorCodes(0).builtinCode()).isEqualTo(BuiltinOperator.CONV_2D);
    assertThat(model.operatorCodes(0).version()).isEqualTo(3);
    Tensor weights = tensor(graph, "y/weights");
    assertThat(weights.type()).isEqualTo(TensorType.INT8);
    assertThat(weights.quantization().scaleLength()).isEqualTo(2);
    assertThat(weights.quantization().scale(1)).isEqualTo(0.002f);
    assertThat(weights.quantization().quantizedDimension()).isZero();
    Tensor bias = tensor(graph, "y/bias");
    assertThat(bias.type()).isEqualTo(TensorType.INT32);
    assertThat(bias.quantization().scale(1)).isEqualTo(0.05f * 0.002f);
    Tensor y = tensor(graph, "y");
    assertThat(y.quantization().scale(0)).isEqualTo(0.07f);
    assertThat(y.quantization().zeroPoint(0)).isEqualTo(5);
    assertThat(y.shapeAsByteBuffer().asIntBuffer().get(2)).isEqualTo(7);
    assertThat(model.metadata(0).name()).isEqualTo("min_runtime_version");
    assertThat(model.signatureDefs(0).signatureKey()).isEqualTo("serving_default");
    assertThat(model.signatureDefs(0).inputs(0).name()).isEqualTo("x");
    assertThat(model.signatureDefs(0).outputs(0).name()).isEqualTo("y");
  }

  @Test
  void constantsAreAligned() {
    Model model = read(conv(new Clamp(-3, 50)), PortType.INT8);
    int base = model.getByteBuffer().arrayOffset();
    for (int i = 1; i < model.buffersLength(); i++) {
      ByteBuffer data = model.buffers(i).dataAsByteBuffer();
      assertThat((base + data.position()) % 16).isZero();
    }
  }

  /// A linear layer reads what was reshaped for it as it was before, and nothing is left over.
  @Test
  void reshapesAreNotHeapedUp() {
    Affine in = IN;
    Weights made = Made.weights(new Random(3), 2, 6, 1);
    FixedPoint factor = FixedPoint.of(Multipliers.weighted(in, 0.01f, OUT));
    Weights weights =
        new Weights(
            made.values(), made.bias(), List.of(factor, factor), new float[] {0.01f, 0.01f});
    IntegerGraph one =
        Made.graph(
            y -> new IntegerOp.FullyConnected(1, y, weights, Clamp.NONE),
            Made.tensor("x", in, 1, 1, 1, 6),
            Made.tensor("flat", in, 1, 6),
            Made.tensor("y", OUT, 1, 2));
    IntegerGraph graph =
        new IntegerGraph(
            "made",
            one.tensors(),
            List.of(new IntegerOp.Reshape(0, 1), one.ops().getFirst()),
            one.inputs().subList(0, 1),
            one.outputs());
    SubGraph written = read(graph, PortType.INT8).subgraphs(0);
    assertThat(written.operatorsLength()).isEqualTo(2); // CONV_2D and RESHAPE
    assertThat(written.tensorsLength()).isEqualTo(6);
  }

  @Test
  void unsignedPortsMeanTheSame() {
    SubGraph graph = read(conv(Clamp.NONE), PortType.UINT8).subgraphs(0);
    Tensor input = graph.tensors(graph.inputs(0));
    assertThat(input.type()).isEqualTo(TensorType.UINT8);
    assertThat(input.quantization().zeroPoint(0)).isEqualTo(-11 + 128);
    assertThat(input.quantization().scale(0)).isEqualTo(0.05f);
    assertThat(graph.tensors(graph.outputs(0)).type()).isEqualTo(TensorType.UINT8);
    assertThat(graph.operatorsLength()).isEqualTo(3);
  }

  @Test
  void dilatedAveragesAreRefused() {
    IntegerGraph graph =
        Made.graph(
            y -> new IntegerOp.AveragePool(0, y, Made.square(2, 1, 2, 0)),
            Made.tensor("x", IN, 1, 5, 5, 1),
            Made.tensor("y", IN, 1, 3, 3, 1));
    assertThatThrownBy(() -> LiteRtWriter.bytes(graph, PortType.INT8, false, ""))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContaining("dilated");
  }

  @Test
  void whatIsNoFileIsRefused() {
    assertThatThrownBy(() -> LiteRtRunner.of(new byte[100], conv(Clamp.NONE), Kernels.DEFAULT))
        .isInstanceOf(UnusableInputException.class)
        .hasMessageContaining("no .tflite file");
  }
}
