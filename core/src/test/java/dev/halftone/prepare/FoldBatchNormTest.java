package dev.halftone.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.halftone.graph.Graph;
import dev.halftone.graph.GraphCheck;
import dev.halftone.graph.Node;
import dev.halftone.graph.Sketch;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import org.junit.jupiter.api.Test;

class FoldBatchNormTest {

  /// With variance 3 and epsilon 1 the scales are gamma/2: 0.5 and -2.
  private static Sketch norm(Sketch sketch) {
    return sketch
        .constant("gamma", Tensor.vector(1f, -4f))
        .constant("beta", Tensor.vector(10f, 20f))
        .constant("mean", Tensor.vector(2f, 4f))
        .constant("var", Tensor.vector(3f, 3f));
  }

  @Test
  void scalesTheOutputChannelsOfAConv() {
    Graph graph =
        apply(
            norm(Sketch.opset(13))
                .input("x", "N", 2, 4, 4)
                .constant("w", Tensor.of(new Shape(2, 2, 1, 1), 1f, 2f, 3f, 4f))
                .constant("b", Tensor.vector(6f, 8f))
                .node("Conv", "x w b", "c")
                .node("BatchNormalization", "c gamma beta mean var", "y", "epsilon", 1f)
                .output("y"));
    Node conv = only(graph, "Conv");
    assertThat(conv.output()).isEqualTo("y");
    assertThat(values(graph, conv, 1)).containsExactly(0.5f, 1, -6, -8);
    assertThat(values(graph, conv, 2)).containsExactly(12, 12);
  }

  @Test
  void scalesTheOutputChannelsOfAGroupedTransposedConv() {
    Graph graph =
        apply(
            Sketch.opset(13)
                .input("x", "N", 2, 4, 4)
                // [inC 2][outC/group 2][1][2], 2 groups: 4 output channels
                .constant("w", Tensor.of(new Shape(2, 2, 1, 2), 1f, 1f, 1f, 1f, 1f, 1f, 1f, 1f))
                .node("ConvTranspose", "x w", "c", "group", 2)
                .constant("s", Tensor.of(new Shape(1, 4, 1, 1), 1f, 2f, 3f, 4f))
                .node("Mul", "s c", "m")
                .constant("o", Tensor.of(new Shape(4, 1, 1), 5f, 6f, 7f, 8f))
                .node("Sub", "o m", "y")
                .output("y"));
    Node conv = only(graph, "ConvTranspose");
    assertThat(values(graph, conv, 1)).containsExactly(-1, -1, -2, -2, -3, -3, -4, -4);
    assertThat(values(graph, conv, 2)).containsExactly(5, 6, 7, 8);
  }

  @Test
  void scalesTheColumnsOfAGemmWithItsFactors() {
    for (int transposed = 0; transposed < 2; transposed++) {
      float[] weights = transposed == 0 ? new float[] {1, 2, 3, 4} : new float[] {1, 3, 2, 4};
      Graph graph =
          apply(
              norm(Sketch.opset(9))
                  .input("x", "N", 2)
                  .constant("w", Tensor.of(new Shape(2, 2), weights))
                  .constant("b", Tensor.of(new Shape(1, 2), 3f, 4f))
                  .node("Gemm", "x w b", "g", "alpha", 10f, "beta", 2f, "transB", transposed)
                  .node("BatchNormalization", "g gamma beta mean var", "y", "epsilon", 1f)
                  .output("y"));
      Node gemm = only(graph, "Gemm");
      // columns are (1, 3) and (2, 4), times 10, times 0.5 and -2
      assertThat(values(graph, gemm, 1))
          .containsExactly(
              transposed == 0 ? new float[] {5, -40, 15, -80} : new float[] {5, 15, -40, -80});
      assertThat(values(graph, gemm, 2)).containsExactly(10 + (6 - 2) * 0.5f, 20 + (8 - 4) * -2);
      assertThat(gemm.floatAttribute("alpha", 0)).isEqualTo(1);
    }
  }

  @Test
  void computesWithMorePrecisionThanFloat() {
    float variance = 1e-6f;
    Graph graph =
        apply(
            Sketch.opset(13)
                .input("x", 1, 1, 2, 2)
                .constant("w", Tensor.of(new Shape(1, 1, 1, 1), 0.3f))
                .constant("g", Tensor.vector(0.7f))
                .constant("o", Tensor.vector(0.1f))
                .constant("m", Tensor.vector(0.2f))
                .constant("v", Tensor.vector(variance))
                .node("Conv", "x w", "c")
                .node("BatchNormalization", "c g o m v", "y")
                .output("y"));
    double scale = (double) 0.7f / Math.sqrt((double) variance + 1e-5f);
    Node conv = only(graph, "Conv");
    assertThat(values(graph, conv, 1)[0]).isEqualTo((float) (0.3f * scale));
    assertThat((double) values(graph, conv, 2)[0]).isCloseTo(0.1f - 0.2f * scale, within(1e-5));
  }

  @Test
  void weightsSharedWithAnotherLayerStayForIt() {
    Graph graph =
        apply(
            norm(Sketch.opset(13))
                .input("x", "N", 2, 4, 4)
                .constant("w", Tensor.of(new Shape(2, 2, 1, 1), 1f, 2f, 3f, 4f))
                .node("Conv", "x w", "c")
                .node("BatchNormalization", "c gamma beta mean var", "n", "epsilon", 1f)
                .node("Conv", "n w", "y")
                .output("y"));
    assertThat(graph.nodes()).hasSize(2);
    assertThat(values(graph, graph.nodes().getFirst(), 1)).containsExactly(0.5f, 1, -6, -8);
    assertThat(values(graph, graph.nodes().getLast(), 1)).containsExactly(1, 2, 3, 4);
  }

  @Test
  void leavesALayerThatOthersRead() {
    Sketch sketch =
        norm(Sketch.opset(13))
            .input("x", "N", 2, 4, 4)
            .constant("w", Tensor.of(new Shape(2, 2, 1, 1), 1f, 2f, 3f, 4f))
            .node("Conv", "x w", "c")
            .node("BatchNormalization", "c gamma beta mean var", "y")
            .node("Relu", "c", "z")
            .output("y")
            .output("z");
    assertThat(apply(sketch).nodes()).hasSize(3);
  }

  @Test
  void leavesWhatIsNoMapPerChannel() {
    Graph graph =
        apply(
            Sketch.opset(8)
                .input("x", "N", 2, 2, 2)
                .constant("w", Tensor.of(new Shape(2, 2, 1, 1), 1f, 2f, 3f, 4f))
                .constant("wide", Tensor.of(new Shape(2), 1f, 2f)) // the last axis, not channels
                .node("Conv", "x w", "a")
                .node("Mul", "a wide", "b")
                .constant("three", Tensor.scalar(3f))
                .node("Conv", "b w", "c")
                .node("Add", "c three", "d")
                .constant("low", Tensor.scalar(0f))
                .constant("high", Tensor.scalar(6f))
                .node("Clip", "d low high", "hard") // the x + 3 belongs to a hard-sigmoid
                .constant("zero", Tensor.vector(0f, 0f))
                .node("Conv", "hard w", "e")
                .node("BatchNormalization", "e zero zero zero zero", "f", "epsilon", 0f)
                .node("Conv", "f w", "g")
                .node("BatchNormalization", "g wide wide wide wide", "y", "spatial", 0)
                .output("y"));
    assertThat(graph.nodes()).hasSize(9);
  }

  private static Graph apply(Sketch sketch) {
    return GraphCheck.check(new FoldBatchNorm().apply(sketch.model()).graph());
  }

  private static Node only(Graph graph, String op) {
    assertThat(graph.nodes()).extracting("opType").containsExactly(op);
    return graph.nodes().getFirst();
  }

  private static float[] values(Graph graph, Node node, int input) {
    return graph.constant(node.input(input)).orElseThrow().toFloats();
  }
}
