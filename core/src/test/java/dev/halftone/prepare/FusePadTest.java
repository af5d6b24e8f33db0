package dev.halftone.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.graph.Graph;
import dev.halftone.graph.GraphCheck;
import dev.halftone.graph.Sketch;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class FusePadTest {

  private static Sketch sketch(long opset) {
    return Sketch.opset(opset)
        .input("x", "N", 1, 8, 8)
        .constant("w", Tensor.allocate(DType.FLOAT, new Shape(1, 1, 3, 3)));
  }

  @Test
  void addsToWhatTheConvPads() {
    Graph graph =
        apply(
            sketch(13)
                .ints("pads", 0, 0, 0, 1, 0, 0, 2, 3)
                .node("Pad", "x pads", "p")
                .node("Conv", "p w", "y", "pads", new long[] {1, 1, 1, 1})
                .output("y"));
    assertThat(graph.nodes()).extracting("opType").containsExactly("Conv");
    assertThat(graph.nodes().getFirst().intsAttribute("pads")).contains(List.of(1L, 2L, 3L, 4L));
  }

  @Test
  void readsAxesAndAttributes() {
    Graph axes =
        apply(
            sketch(18)
                .ints("pads", 1, 2)
                .ints("axes", -1)
                .node("Pad", "x pads - axes", "p")
                .node("Conv", "p w", "y", "auto_pad", "VALID")
                .output("y"));
    assertThat(axes.nodes().getFirst().intsAttribute("pads")).contains(List.of(0L, 1L, 0L, 2L));
    assertThat(axes.nodes().getFirst().attributes()).doesNotContainKey("auto_pad");
    Graph attributes =
        apply(
            sketch(9)
                .node("Pad", "x", "p", "pads", new long[] {0, 0, 1, 1, 0, 0, 1, 1})
                .node(
                    "AveragePool",
                    "p",
                    "y",
                    "kernel_shape",
                    new long[] {3, 3},
                    "count_include_pad",
                    1)
                .output("y"));
    assertThat(attributes.nodes()).extracting("opType").containsExactly("AveragePool");
  }

  @Test
  void leavesOtherPadding() {
    assertThat(
            apply(
                    sketch(13)
                        .ints("channels", 0, 1, 0, 0, 0, 1, 0, 0)
                        .node("Pad", "x channels", "a")
                        .node(
                            "MaxPool",
                            "a",
                            "b",
                            "kernel_shape",
                            new long[] {1, 1},
                            "strides",
                            new long[] {2, 2})
                        .constant("wide", Tensor.allocate(DType.FLOAT, new Shape(1, 3, 1, 1)))
                        .node("Pad", "x channels", "c")
                        .node("Conv", "c wide", "d")
                        .ints("one", 0, 0, 1, 1, 0, 0, 1, 1)
                        .constant("fill", Tensor.scalar(1f))
                        .node("Pad", "d one fill", "e")
                        .node("Conv", "e w", "f")
                        .node("Pad", "f one", "g", "mode", "reflect")
                        .node("Conv", "g w", "h")
                        .node("Pad", "h one", "i")
                        .node("MaxPool", "i", "j", "kernel_shape", new long[] {2, 2})
                        .ints("three", 0, 0, 3, 0, 0, 0, 0, 0)
                        .node("Pad", "x three", "k")
                        .node(
                            "AveragePool",
                            "k",
                            "l",
                            "kernel_shape",
                            new long[] {3, 3},
                            "count_include_pad",
                            1)
                        .output("b")
                        .output("j")
                        .output("l"))
                .nodes())
        .filteredOn(node -> node.is("Pad"))
        .hasSize(6);
  }

  private static Graph apply(Sketch sketch) {
    return GraphCheck.check(new FusePad().apply(sketch.model()).graph());
  }
}
