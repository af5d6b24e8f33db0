package dev.halftone.graph.shape;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.SharedFiles;
import dev.halftone.format.onnx.OnnxReader;
import dev.halftone.graph.Attribute;
import dev.halftone.graph.Graph;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.graph.Sketch;
import dev.halftone.graph.Value;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    assertThat(inspection.totals().macs()).isEqualTo(972 + 30);
    assertThat(inspection.totals().openExtents()).isFalse();
    assertThat(inspection.totals().parameters()).isEqualTo(108 + 30);
    assertThat(inspection.totals().parameterBytes()).isEqualTo(432 + 30);
    assertThat(inspection.operations()).containsEntry("Conv", 1).hasSize(5);
    assertThat(inspection.inputs()).containsExactly(new Inspection.Port("x", "FLOAT Nx4x8x8"));
    assertThat(inspection.outputs()).containsExactly(new Inspection.Port("y", "FLOAT Nx5"));
  }

  @Test
  void countsInsideBranchesAndBodies() {
    Node inner = Node.of("MatMul", "deep", List.of("x", "inside"), List.of("m"));
    Graph deep = body(Map.of("inside", floats(8, 5)), inner, "m");
    Node nested = branches("nested", deep, body(Map.of(), copy("x", "i"), "i"));
    Graph small = body(Map.of("w", floats(8, 2)), product("x", "w", "s"), "s");
    Graph large =
        new Graph(
            "large",
            List.of(nested, product("x", "outer", "l")),
            Map.of("unread", floats(3)),
            List.of(),
            List.of(new Value("l", Optional.empty(), List.of())),
            List.of(),
            List.of());
    Node node = branches("if", small, large);
    Model model =
        Sketch.opset(13)
            .input("x", 4, 8)
            .input("c", DType.BOOL)
            .constant("outer", floats(8, 10))
            .node("If", "c", "y", "then_branch", new Attribute.Subgraph(small))
            .output("y")
            .model();
    Inspection inspection =
        Inspection.of(model.withGraph(model.graph().withNodes(List.of(node))), Map.of());
    assertThat(inspection.operations())
        .containsOnly(Map.entry("If", 2), Map.entry("MatMul", 3), Map.entry("Identity", 1));
    assertThat(inspection.totals().parameters()).isEqualTo(40 + 16 + 3 + 80);
    assertThat(inspection.nodes().getFirst().parameterBytes()).isEqualTo(4 * 139);
    assertThat(inspection.totals().macs()).isEqualTo(4 * (80 + 40)); // those of the larger branch
  }

  private static Tensor floats(long... dims) {
    return Tensor.allocate(DType.FLOAT, new Shape(dims));
  }

  private static Node product(String x, String w, String y) {
    return Node.of("MatMul", y, List.of(x, w), List.of(y));
  }

  private static Node copy(String x, String y) {
    return Node.of("Identity", y, List.of(x), List.of(y));
  }

  private static Graph body(Map<String, Tensor> constants, Node node, String output) {
    return new Graph(
        output,
        List.of(node),
        constants,
        List.of(),
        List.of(new Value(output, Optional.empty(), List.of())),
        List.of(),
        List.of());
  }

  private static Node branches(String output, Graph then, Graph otherwise) {
    return Node.of("If", output, List.of("c"), List.of(output.equals("if") ? "y" : output))
        .with("then_branch", new Attribute.Subgraph(then))
        .with("else_branch", new Attribute.Subgraph(otherwise));
  }

  @Test
  void countsForTheGivenShape() {
    Sketch sketch =
        Sketch.opset(13)
            .input("x", "N", 4, "H", "W")
            .constant("w", Tensor.allocate(DType.FLOAT, new Shape(6, 4, 1, 1)))
            .node("Conv", "x w", "y")
            .output("y");
    assertThat(Inspection.of(sketch.model(), Map.of()).totals().macs()).isEqualTo(24);
    assertThat(Inspection.of(sketch.model(), Map.of()).totals().openExtents()).isTrue();
    assertThat(
            Inspection.of(sketch.model(), Map.of("x", new Shape(2, 4, 5, 7)))
                .totals()
                .openExtents())
        .isFalse();
    assertThat(Inspection.of(sketch.model(), Map.of("x", new Shape(2, 4, 5, 7))).totals().macs())
        .isEqualTo(24 * 70);
  }

  @Test
  void knowsTheWorkOfResNet20() {
    Inspection inspection =
        Inspection.of(
            OnnxReader.read(SharedFiles.require("models/resnet20-cifar10.onnx")), Map.of());
    assertThat(inspection.totals().macs()).isBetween(40_000_000L, 42_000_000L); // 40.8 M published
  }
}
