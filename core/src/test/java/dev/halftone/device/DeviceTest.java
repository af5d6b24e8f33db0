package dev.halftone.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.form.WeightInput;
import dev.halftone.graph.Attribute;
import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Node;
import dev.halftone.graph.Sketch;
import dev.halftone.scheme.Granularity;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DeviceTest {

  static List<Device> devices() {
    return List.of(Devices.ONNX_RUNTIME_CPU, Devices.INTEGERS_ONLY);
  }

  private static Tensor zeros(long... dims) {
    return Tensor.allocate(DType.FLOAT, new Shape(dims));
  }

  private static Optional<String> objection(Device device, Sketch sketch) {
    GraphIndex index = new GraphIndex(sketch.output("y").model().graph());
    Node node = index.producer("y").orElseThrow();
    return device.support(node, Surroundings.of(index)).refusal();
  }

  private static Sketch weighted(String op, Tensor weight, Tensor bias) {
    return Sketch.opset(13)
        .input("x", "N", 3, 8, 8)
        .constant("w", weight)
        .constant("b", bias)
        .node(op, "x w b", "y");
  }

  @ParameterizedTest
  @MethodSource("devices")
  void outputsLieAlongTheAxisThatScalesDo(Device device) {
    for (String weighted : new String[] {"Conv", "Gemm", "MatMul"}) {
      for (long transposed = 0; transposed < 2; transposed++) {
        Node node =
            Node.of(weighted, "y", List.of("x", "w"), List.of("y"))
                .with("transB", new Attribute.Int(transposed));
        Shape shape = weighted.equals("Conv") ? new Shape(4, 3, 3, 3) : new Shape(3, 4);
        assertThat(WeightInput.granularity(node, 1, shape))
            .contains(new Granularity.PerChannel(List.of(device.outputAxis(node))));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("devices")
  void aBiasIsOneNumberAnOutput(Device device) {
    Tensor kernels = zeros(4, 3, 3, 3);
    Tensor matrix = zeros(3, 4);
    assertThat(objection(device, weighted("Conv", kernels, zeros(4)))).isEmpty();
    assertThat(objection(device, weighted("Gemm", matrix, zeros(4)))).isEmpty();
    assertThat(objection(device, weighted("Gemm", matrix, zeros(1, 4)))).isEmpty();
    assertThat(objection(device, weighted("Gemm", zeros(3, 1), Tensor.scalar(1)))).isPresent();
    for (Tensor bias : new Tensor[] {zeros(1), zeros(0), zeros(9), zeros(4, 1), Tensor.scalar(1)}) {
      String why = "its bias of shape " + bias.shape() + " is not one number an output";
      assertThat(objection(device, weighted("Conv", kernels, bias))).contains(why);
      assertThat(objection(device, weighted("Gemm", matrix, bias))).contains(why);
    }
  }

  @ParameterizedTest
  @MethodSource("devices")
  void aBoundIsOneNumber(Device device) {
    Sketch sketch = Sketch.opset(13).input("x", "N", 4).constant("n", Tensor.scalar(1));
    assertThat(objection(device, sketch.node("Clip", "x - n", "y"))).isEmpty();
    for (String reads : new String[] {"x b", "x - b"}) {
      Sketch none = Sketch.opset(13).input("x", "N", 4).constant("b", zeros(0));
      assertThat(objection(device, none.node("Clip", reads, "y")))
          .contains("its bound of shape 0 is not one number");
    }
    Sketch computed = Sketch.opset(13).input("x", "N", 4).input("b");
    assertThat(objection(device, computed.node("Clip", "x b", "y")))
        .contains("its bounds are not constant");
  }

  @ParameterizedTest
  @MethodSource("devices")
  void formsThatHaveNoKernel(Device device) {
    Sketch linear = Sketch.opset(13).input("x", "N", 4, 8, 8).constant("s", zeros(4));
    assertThat(objection(device, linear.node("Resize", "x - s", "y", "mode", "linear")))
        .contains(
            device.hasFloats() ? "ONNX Runtime resizes linear in float" : "its mode is linear");
    Sketch indices = Sketch.opset(13).input("x", "N", 4, 8, 8);
    assertThat(objection(device, indices.node("MaxPool", "x", "y i"))).isPresent();
    Sketch relu = Sketch.opset(13).input("x", "N", 4, 8, 8);
    assertThat(objection(device, relu.node("Relu", "x", "y"))).isEmpty();
  }
}
