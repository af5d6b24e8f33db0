package dev.halftone.onnxruntime;

import static dev.halftone.onnxruntime.SmallModels.random;
import static dev.halftone.onnxruntime.SmallModels.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halftone.SharedFiles;
import dev.halftone.UnusableInputException;
import dev.halftone.format.onnx.OnnxReader;
import dev.halftone.graph.Attribute;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.measure.KernelKind;
import dev.halftone.measure.OptimizedGraph;
import dev.halftone.measure.OptimizedGraph.Placed;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Each float node has the reason that was built into its model.
class OptimizedGraphTest {

  private static final OrtRuntime RUNTIME = new OrtRuntime();

  private final SmallModels small = new SmallModels();

  /// Q and DQ of `value`, uint8 with one scale; gives the name of the dequantized value.
  private String quantized(String value, float scale, int zeroPoint) {
    return quantized(value, DType.UINT8, Tensor.scalar(scale), zeroPoint);
  }

  private String quantized(String value, DType dtype, Tensor scale, int zeroPoint) {
    int[] zeroPoints = new int[Math.toIntExact(scale.count())];
    Arrays.fill(zeroPoints, zeroPoint);
    small
        .constant(value + "_scale", scale)
        .constant(value + "_zero", Tensor.ofIntegers(dtype, scale.shape(), zeroPoints));
    List<String> parameters = List.of(value + "_scale", value + "_zero");
    small.node(
        "QuantizeLinear", List.of(value, parameters.get(0), parameters.get(1)), value + "_q");
    small.node(
        "DequantizeLinear",
        List.of(value + "_q", parameters.get(0), parameters.get(1)),
        value + "_dq");
    return value + "_dq";
  }

  /// Int8 weights [outC][inC][3][3] behind a DequantizeLinear, scale 0.01.
  private String weights(String name, int outputs, int inputs) {
    int[] values = new int[outputs * inputs * 9];
    for (int i = 0; i < values.length; i++) {
      values[i] = i % 19 - 9;
    }
    small
        .constant(
            name + "_q", Tensor.ofIntegers(DType.INT8, new Shape(outputs, inputs, 3, 3), values))
        .constant(name + "_scale", Tensor.scalar(0.01f))
        .constant(name + "_zero", Tensor.ofIntegers(DType.INT8, Shape.SCALAR, 0));
    small.node("DequantizeLinear", List.of(name + "_q", name + "_scale", name + "_zero"), name);
    return name;
  }

  private String input() {
    small.input(value("x", DType.FLOAT, 1, 4, 8, 8));
    return quantized("x", 0.05f, 128);
  }

  private OptimizedGraph optimize(String output) {
    small.output(value(output, DType.FLOAT, 1, 4, 8, 8));
    return OptimizedGraph.of(RUNTIME, small.model());
  }

  private static Placed onlyFloatNode(OptimizedGraph graph) {
    assertThat(graph.floatNodes()).hasSize(1);
    return graph.floatNodes().getFirst();
  }

  @Test
  void aConvBetweenPairsRunsOnIntegers() {
    small.node(SmallModels.conv("conv", input(), weights("w", 4, 4), "y"));
    OptimizedGraph graph = optimize(quantized("y", 0.1f, 100));

    assertThat(graph.floatNodes()).isEmpty();
    assertThat(graph.counts(KernelKind.INTEGER)).isEqualTo(Map.of("QLinearConv", 1));
    assertThat(graph.counts(KernelKind.CONVERSION))
        .isEqualTo(Map.of("QuantizeLinear", 1, "DequantizeLinear", 1));
  }

  @Test
  void whatMovesIntegersCountsAsInteger() {
    small.node(
        Node.of("MaxPool", "pool", List.of(input()), List.of("y"))
            .with("kernel_shape", Attribute.Ints.of(1, 1)));
    OptimizedGraph graph = optimize(quantized("y", 0.05f, 128));

    assertThat(graph.floatNodes()).isEmpty();
    assertThat(graph.counts(KernelKind.INTEGER)).containsEntry("MaxPool", 1);
  }

  @Test
  void anOperationWithoutIntegerKernel() {
    small.node("HardSigmoid", List.of(input()), "y");

    Placed node = onlyFloatNode(optimize(quantized("y", 0.01f, 0)));
    assertThat(node.name()).isEqualTo("make_y");
    assertThat(node.reason()).isEqualTo("ONNX Runtime has no integer kernel for HardSigmoid");
  }

  @Test
  void anInputThatComesFromAFloatNode() {
    small.node("HardSigmoid", List.of(input()), "h");
    small.node("Add", List.of("h", "x_dq"), "y");

    assertThat(optimize(quantized("y", 0.1f, 100)).floatNodes())
        .extracting(Placed::reason)
        .contains("its input comes from the float node make_h");
  }

  @Test
  void anInputOfTheModelThatIsNotQuantized() {
    small.input(value("x", DType.FLOAT, 1, 4, 8, 8));
    small.node(SmallModels.conv("conv", "x", weights("w", 4, 4), "y"));

    assertThat(onlyFloatNode(optimize(quantized("y", 0.1f, 100))).reason())
        .contains("its input x is an input of the model");
  }

  @Test
  void anOutputThatIsNotQuantized() {
    small.node(SmallModels.conv("conv", input(), weights("w", 4, 4), "y"));

    assertThat(onlyFloatNode(optimize("y")).reason())
        .isEqualTo("its output y is an output of the model in float");
  }

  @Test
  void anOutputThatAFloatNodeReadsToo() {
    small.node(SmallModels.conv("conv", input(), weights("w", 4, 4), "c"));
    small.node("Tanh", List.of("c"), "t");
    small.node("Add", List.of(quantized("c", 0.1f, 100), quantized("t", 0.01f, 100)), "y");

    assertThat(optimize(quantized("y", 0.1f, 100)).floatNodes())
        .extracting(Placed::reason)
        .contains("its output is not quantized: make_t reads it in float");
  }

  @Test
  void aConstantThatIsNotQuantized() {
    small.constant("c", random(1, 1, 4, 1, 1));
    small.node("Add", List.of(input(), "c"), "y");

    assertThat(onlyFloatNode(optimize(quantized("y", 0.1f, 100))).reason())
        .isEqualTo("its constant input c is not quantized");
  }

  @Test
  void aReluWhoseZeroPointDoesNotFit() {
    small.node(SmallModels.conv("conv", input(), weights("w", 4, 4), "c"));
    small.node("Relu", List.of("c"), "y");

    assertThat(onlyFloatNode(optimize(quantized("y", 0.1f, 1))).reason())
        .contains("zero point after its Relu");
  }

  @Test
  void aMoveBetweenUnlikeScales() {
    small.constant("shape", Tensor.vector(1L, 4L, 8L, 8L));
    small.node("Reshape", List.of(input(), "shape"), "y");
    OptimizedGraph graph = optimize(quantized("y", 0.06f, 128));

    assertThat(graph.floatNodes().stream().map(Placed::reason).toList())
        .allMatch(reason -> reason.contains("differs before and after"));
  }

  @Test
  void aBiasInOtherUnits() {
    small
        .constant("b_q", Tensor.of(new Shape(4), 1, 2, 3, 4))
        .constant("b_scale", Tensor.scalar(0.05f * 0.01f * 1.3f))
        .constant("b_zero", Tensor.of(Shape.SCALAR, 0));
    small.node("DequantizeLinear", List.of("b_q", "b_scale", "b_zero"), "b");
    Node conv = SmallModels.conv("conv", input(), weights("w", 4, 4), "y");
    small.node(conv.withInputs(List.of(conv.input(0), conv.input(1), "b")));

    assertThat(onlyFloatNode(optimize(quantized("y", 0.1f, 100))).reason())
        .startsWith("its bias has the scale");
  }

  @Test
  void aScalePerChannelOfActivations() {
    small.input(value("x", DType.FLOAT, 1, 4, 8, 8));
    String x = quantized("x", DType.UINT8, Tensor.vector(0.05f, 0.06f, 0.07f, 0.08f), 0);
    small
        .constant("b_q", Tensor.of(new Shape(4), 1, 2, 3, 4))
        .constant("b_scale", Tensor.vector(5e-4f, 6e-4f, 7e-4f, 8e-4f))
        .constant("b_zero", Tensor.of(new Shape(4), 0, 0, 0, 0));
    small.node(
        Node.of("DequantizeLinear", "bias", List.of("b_q", "b_scale", "b_zero"), List.of("b"))
            .with("axis", new Attribute.Int(0)));
    Node conv = SmallModels.conv("conv", x, weights("w", 4, 1), "y");
    small.node(conv.withInputs(List.of(x, "w", "b")).with("group", new Attribute.Int(4)));

    assertThat(onlyFloatNode(optimize(quantized("y", 0.1f, 100))).reason())
        .contains("scale per channel");
  }

  /// Where one reader has the int8 output, ONNX Runtime makes it uint8; with two it does not.
  @Test
  void signedAndUnsignedMixed() {
    small.node(SmallModels.conv("conv", input(), weights("w", 4, 4), "y"));
    String y = quantized("y", DType.INT8, Tensor.scalar(0.1f), 0);
    small.node("DequantizeLinear", List.of("y_q", "y_scale", "y_zero"), "again");
    small.output(value("again", DType.FLOAT, 1, 4, 8, 8));

    assertThat(onlyFloatNode(optimize(y)).reason()).contains("mix [UINT8, INT8]");
  }

  @Test
  void aRefusedModelIsSaidSo() {
    Model model =
        small.node("Nonsense", List.of(input()), "y").output(value("y", DType.FLOAT, 1)).model();

    assertThatThrownBy(() -> OptimizedGraph.of(RUNTIME, model))
        .isInstanceOf(UnusableInputException.class)
        .hasMessageContaining("Nonsense");
  }

  @Test
  void aFloatNetHasNoIntegerNode() {
    Model model = OnnxReader.read(SharedFiles.require("models/resnet20-cifar10.onnx"));
    OptimizedGraph graph = OptimizedGraph.of(RUNTIME, model);

    assertThat(graph.counts(KernelKind.INTEGER)).isEmpty();
    assertThat(graph.floatNodes()).isNotEmpty().allMatch(node -> !node.reason().isEmpty());
  }
}
