package dev.halftone.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.graph.Graph;
import dev.halftone.graph.GraphCheck;
import dev.halftone.graph.Sketch;
import org.junit.jupiter.api.Test;

class MeansToPoolsTest {

  @Test
  void aMeanOverTheSpatialAxesIsAPool() {
    Graph graph =
        apply(
            Sketch.opset(13)
                .input("x", "N", 3, "H", "W")
                .node("ReduceMean", "x", "a", "axes", new long[] {-1, 2})
                .node("Mul", "a x", "b")
                .node("ReduceMean", "b", "y", "axes", new long[] {2, 3}, "keepdims", 0)
                .output("y"));
    assertThat(graph.nodes())
        .extracting("opType")
        .containsExactly("GlobalAveragePool", "Mul", "GlobalAveragePool", "Flatten");
    assertThat(graph.nodes().getLast().output()).isEqualTo("y");
  }

  @Test
  void axesMayBeAnInput() {
    Graph graph =
        apply(
            Sketch.opset(18)
                .input("x", "N", 3, 4, 5)
                .ints("axes", 2, 3)
                .node("ReduceMean", "x axes", "y")
                .output("y"));
    assertThat(graph.nodes()).extracting("opType").containsExactly("GlobalAveragePool");
  }

  @Test
  void aWindowAsLargeAsTheInputIsAPool() {
    Graph graph =
        apply(
            Sketch.opset(13)
                .input("x", "N", 3, 7, 7)
                .node(
                    "AveragePool",
                    "x",
                    "y",
                    "kernel_shape",
                    new long[] {7, 7},
                    "strides",
                    new long[] {7, 7})
                .output("y"));
    assertThat(graph.nodes()).extracting("opType").containsExactly("GlobalAveragePool");
  }

  @Test
  void leavesOtherMeans() {
    Graph graph =
        apply(
            Sketch.opset(13)
                .input("x", "N", 3, 7, "W")
                .node("ReduceMean", "x", "a", "axes", new long[] {1, 2})
                .node("AveragePool", "x", "b", "kernel_shape", new long[] {7, 7})
                .node("ReduceMean", "x", "c")
                .input("tokens", "N", "T", 8)
                .node("ReduceMean", "tokens", "d", "axes", new long[] {-1})
                .output("a")
                .output("b")
                .output("c")
                .output("d"));
    assertThat(graph.nodes()).extracting("opType").containsOnly("ReduceMean", "AveragePool");
  }

  private static Graph apply(Sketch sketch) {
    return GraphCheck.check(new MeansToPools().apply(sketch.model()).graph());
  }
}
