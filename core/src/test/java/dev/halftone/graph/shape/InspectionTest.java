package dev.halftone.graph.shape;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.SharedFiles;
import dev.halftone.format.onnx.OnnxReader;
import dev.halftone.graph.Sketch;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InspectionTest {

  @Test
  void countsWorkAndWeights() {
    Inspection inspection =
        Inspection.of(
            Sketch.opset(13)
                .input("x", "N", 4, 8, 8)
                .constant("w", Tensor.allocate(DType.FLOAT, new Shape(6, 2, 3, 3)))
                .node("Conv", "x w", "c", "group", 2, "strides", new long[] {2, 2})
                .node("GlobalAveragePool", "c", "p")
                .node("Flatten", "p", "f")
                .constant("head", Tensor.allocate(DType.INT8, new Shape(6, 5)))
                .node("Cast", "head", "wide", "to", 1)
                .node("MatMul", "f wide", "y")
                .output("y")
                .model(),
            Map.of());
    assertThat(inspection.nodes().getFirst())
        .isEqualTo(new Inspection.Row("Conv_0", "Conv", "FLOAT Nx6x3x3", 6 * 9 * 18, 432));
    assertThat(inspection.macs()).isEqualTo(972 + 30);
    assertThat(inspection.openExtents()).isFalse();
    assertThat(inspection.parameters()).isEqualTo(108 + 30);
    assertThat(inspection.parameterBytes()).isEqualTo(432 + 30);
    assertThat(inspection.operations()).containsEntry("Conv", 1).hasSize(5);
    assertThat(inspection.inputs()).containsExactly(new Inspection.Port("x", "FLOAT Nx4x8x8"));
    assertThat(inspection.outputs()).containsExactly(new Inspection.Port("y", "FLOAT Nx5"));
  }

  @Test
  void countsForTheGivenShape() {
    Sketch sketch =
        Sketch.opset(13)
            .input("x", "N", 4, "H", "W")
            .constant("w", Tensor.allocate(DType.FLOAT, new Shape(6, 4, 1, 1)))
            .node("Conv", "x w", "y")
            .output("y");
    assertThat(Inspection.of(sketch.model(), Map.of()).macs()).isEqualTo(24);
    assertThat(Inspection.of(sketch.model(), Map.of()).openExtents()).isTrue();
    assertThat(Inspection.of(sketch.model(), Map.of("x", new Shape(2, 4, 5, 7))).openExtents())
        .isFalse();
    assertThat(Inspection.of(sketch.model(), Map.of("x", new Shape(2, 4, 5, 7))).macs())
        .isEqualTo(24 * 70);
  }

  @Test
  void knowsTheWorkOfResNet20() {
    Inspection inspection =
        Inspection.of(
            OnnxReader.read(SharedFiles.require("models/resnet20-cifar10.onnx")), Map.of());
    assertThat(inspection.macs()).isBetween(40_000_000L, 42_000_000L); // 40.8 M published
  }
}
