package dev.halftone.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.graph.Graph;
import dev.halftone.graph.GraphCheck;
import dev.halftone.graph.Node;
import dev.halftone.graph.Sketch;
import org.junit.jupiter.api.Test;

class SettleReshapesTest {

  /// A target of the first `copied` extents of `x`, then `rest`.
  private static Graph apply(Sketch sketch, long copied, long... rest) {
    return GraphCheck.check(
        new SettleReshapes()
            .apply(
                sketch
                    .node("Shape", "x", "shape")
                    .ints("from", 0)
                    .ints("to", copied)
                    .node("Slice", "shape from to", "front")
                    .ints("rest", rest)
                    .node("Concat", "front rest", "target", "axis", 0)
                    .node("Reshape", "x target", "y")
                    .output("y")
                    .model())
            .graph());
  }

  private static long[] target(Graph graph) {
    assertThat(graph.nodes()).hasSize(1);
    Node reshape = graph.nodes().getFirst();
    return graph.constant(reshape.input(1)).orElseThrow().toLongs();
  }

  @Test
  void copiesTheBatchAndLeavesTheRestToTheReshape() {
    assertThat(target(apply(Sketch.opset(13).input("x", "N", 3, "?"), 1, -1)))
        .containsExactly(0, -1);
  }

  @Test
  void copiesExtentsWithoutAName() {
    assertThat(target(apply(Sketch.opset(13).input("x", "?", "?", 384), 2, 12, 32)))
        .containsExactly(0, 0, 12, 32);
  }

  @Test
  void leavesATargetThatNoConstantSays() {
    Graph graph =
        GraphCheck.check(
            new SettleReshapes()
                .apply(
                    Sketch.opset(13)
                        .input("x", "N", "H", "W")
                        .node("Shape", "x", "shape")
                        .ints("turned", 1, 2, 0)
                        .node("Gather", "shape turned", "target")
                        .node("Reshape", "x target", "y")
                        .output("y")
                        .model())
                .graph());
    assertThat(graph.nodes()).hasSize(3);
  }
}
