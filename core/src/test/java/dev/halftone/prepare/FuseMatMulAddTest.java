package dev.halftone.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.graph.Graph;
import dev.halftone.graph.GraphCheck;
import dev.halftone.graph.Node;
import dev.halftone.graph.Sketch;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import org.junit.jupiter.api.Test;

class FuseMatMulAddTest {

  private static Sketch sketch(Object... dims) {
    return Sketch.opset(13)
        .input("x", dims)
        .constant("w", Tensor.of(new Shape(2, 3), 1f, 2f, 3f, 4f, 5f, 6f));
  }

  @Test
  void aRowOrOneNumberIsABias() {
    for (Tensor bias :
        new Tensor[] {
          Tensor.of(new Shape(1, 3), 7f, 7f, 7f), Tensor.scalar(7f), Tensor.vector(7f, 7f, 7f)
        }) {
      Graph graph =
          apply(
              sketch("N", 2)
                  .constant("b", bias)
                  .node("MatMul", "x w", "m")
                  .node("Add", "b m", "y")
                  .output("y"));
      assertThat(graph.nodes()).hasSize(1);
      Node gemm = graph.nodes().getFirst();
      assertThat(gemm.opType()).isEqualTo("Gemm");
      assertThat(gemm.output()).isEqualTo("y");
      Tensor fused = graph.constant(gemm.input(2)).orElseThrow();
      assertThat(fused.shape()).isEqualTo(new Shape(3));
      assertThat(fused.toFloats()).containsExactly(7, 7, 7);
    }
  }

  @Test
  void leavesOtherRanksAndOtherSums() {
    assertThat(
            apply(
                    sketch("N", "T", 2)
                        .constant("b", Tensor.vector(7f, 7f, 7f))
                        .node("MatMul", "x w", "m")
                        .node("Add", "m b", "y")
                        .output("y"))
                .nodes())
        .hasSize(2);
    assertThat(
            apply(
                    sketch(2, 2)
                        .constant("b", Tensor.of(new Shape(2, 3), 1f, 2f, 3f, 4f, 5f, 6f))
                        .node("MatMul", "x w", "m")
                        .node("Add", "m b", "y")
                        .output("y"))
                .nodes())
        .hasSize(2);
  }

  private static Graph apply(Sketch sketch) {
    return GraphCheck.check(new FuseMatMulAdd().apply(sketch.model()).graph());
  }
}
