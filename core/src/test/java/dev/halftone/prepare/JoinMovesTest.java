package dev.halftone.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.graph.Graph;
import dev.halftone.graph.GraphCheck;
import dev.halftone.graph.Model;
import dev.halftone.graph.Sketch;
import java.util.List;
import org.junit.jupiter.api.Test;

class JoinMovesTest {

  @Test
  void composesTransposes() {
    Graph graph =
        apply(
            Sketch.opset(13)
                .input("x", 2, 3, 4)
                .node("Transpose", "x", "a", "perm", new long[] {2, 0, 1}) // 4 2 3
                .node("Transpose", "a", "y", "perm", new long[] {0, 2, 1}) // 4 3 2
                .output("y"));
    assertThat(graph.nodes()).hasSize(1);
    assertThat(graph.nodes().getFirst().intsAttribute("perm")).contains(List.of(2L, 1L, 0L));
  }

  @Test
  void transposesThatCancelGoAwayThoughOthersReadTheFirst() {
    Graph graph =
        apply(
            Sketch.opset(13)
                .input("x", 2, 3, 4)
                .node("Relu", "x", "r")
                .node("Transpose", "r", "a", "perm", new long[] {2, 0, 1})
                .node("Transpose", "a", "b", "perm", new long[] {1, 2, 0})
                .node("Neg", "b", "y")
                .node("Sigmoid", "a", "z")
                .output("y")
                .output("z"));
    assertThat(graph.nodes())
        .extracting("opType")
        .containsExactlyInAnyOrder("Relu", "Transpose", "Neg", "Sigmoid");
    assertThat(graph.nodes().stream().filter(node -> node.is("Neg")).findFirst().orElseThrow())
        .satisfies(node -> assertThat(node.inputs()).containsExactly("r"));
  }

  @Test
  void aReshapeForgetsTheShapeBefore() {
    Graph graph =
        apply(
            Sketch.opset(13)
                .input("x", "N", 3, 4)
                .node("Flatten", "x", "a")
                .ints("axes", 1)
                .node("Unsqueeze", "a axes", "b")
                .ints("target", -1, 6)
                .node("Reshape", "b target", "y")
                .output("y"));
    assertThat(graph.nodes()).extracting("opType").containsExactly("Reshape");
    assertThat(graph.nodes().getFirst().input(0)).isEqualTo("x");
  }

  @Test
  void aReshapeThatCopiesAnExtentStays() {
    Graph graph =
        apply(
            Sketch.opset(13)
                .input("x", "N", 3, 4)
                .node("Flatten", "x", "a")
                .ints("target", 0, 2, 6)
                .node("Reshape", "a target", "y")
                .output("y"));
    assertThat(graph.nodes()).hasSize(2);
  }

  private static Graph apply(Sketch sketch) {
    Model joined = new JoinMoves().apply(sketch.model());
    GraphCheck.check(joined.graph());
    return GraphCheck.check(new RemoveIdentities().apply(joined).graph());
  }
}
