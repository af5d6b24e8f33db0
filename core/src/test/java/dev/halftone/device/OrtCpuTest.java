package dev.halftone.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Node;
import dev.halftone.graph.Sketch;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OrtCpuTest {

  private static Tensor zeros(long... dims) {
    return Tensor.allocate(DType.FLOAT, new Shape(dims));
  }

  private static Optional<String> objection(Target target, Sketch sketch) {
    GraphIndex index = new GraphIndex(sketch.output("y").model().graph());
    Node node = index.producer("y").orElseThrow();
    return target.objection(node, index);
  }

  private static Sketch weighted(String op, Tensor weight, Tensor bias) {
    return Sketch.opset(13)
        .input("x", "N", 3, 8, 8)
        .constant("w", weight)
        .constant("b", bias)
        .node(op, "x w b", "y");
  }

  @ParameterizedTest
  @EnumSource
  void aBiasIsOneNumberAnOutput(Target target) {
    Tensor kernels = zeros(4, 3, 3, 3);
    Tensor matrix = zeros(3, 4);
    assertThat(objection(target, weighted("Conv", kernels, zeros(4)))).isEmpty();
    assertThat(objection(target, weighted("Gemm", matrix, zeros(4)))).isEmpty();
    assertThat(objection(target, weighted("Gemm", matrix, zeros(1, 4)))).isEmpty();
    assertThat(objection(target, weighted("Gemm", zeros(3, 1), Tensor.scalar(1)))).isPresent();
    for (Tensor bias : new Tensor[] {zeros(1), zeros(0), zeros(9), zeros(4, 1), Tensor.scalar(1)}) {
      String why = "its bias of shape " + bias.shape() + " is not one number an output";
      assertThat(objection(target, weighted("Conv", kernels, bias))).contains(why);
      assertThat(objection(target, weighted("Gemm", matrix, bias))).contains(why);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aBoundIsOneNumber(Target target) {
    Sketch sketch = Sketch.opset(13).input("x", "N", 4).constant("n", Tensor.scalar(1));
    assertThat(objection(target, sketch.node("Clip", "x - n", "y"))).isEmpty();
    for (String reads : new String[] {"x b", "x - b"}) {
      Sketch none = Sketch.opset(13).input("x", "N", 4).constant("b", zeros(0));
      assertThat(objection(target, none.node("Clip", reads, "y")))
          .contains("its bound of shape 0 is not one number");
    }
    Sketch computed = Sketch.opset(13).input("x", "N", 4).input("b");
    assertThat(objection(target, computed.node("Clip", "x b", "y")))
        .contains("its bounds are not constant");
  }

  @ParameterizedTest
  @EnumSource
  void formsThatHaveNoKernel(Target target) {
    Sketch linear = Sketch.opset(13).input("x", "N", 4, 8, 8).constant("s", zeros(4));
    assertThat(objection(target, linear.node("Resize", "x - s", "y", "mode", "linear")))
        .contains("ONNX Runtime resizes linear in float");
    Sketch indices = Sketch.opset(13).input("x", "N", 4, 8, 8);
    assertThat(objection(target, indices.node("MaxPool", "x", "y i"))).isPresent();
    Sketch relu = Sketch.opset(13).input("x", "N", 4, 8, 8);
    assertThat(objection(target, relu.node("Relu", "x", "y"))).isEmpty();
  }
}
