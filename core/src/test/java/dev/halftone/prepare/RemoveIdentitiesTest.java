package dev.halftone.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.graph.Attribute;
import dev.halftone.graph.Graph;
import dev.halftone.graph.GraphCheck;
import dev.halftone.graph.Sketch;
import dev.halftone.graph.Value;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RemoveIdentitiesTest {

  @Test
  void removesWhatChangesNothing() {
    Graph graph =
        apply(
            Sketch.opset(13)
                .input("x", "N", 3, 8, 8)
                .node("Relu", "x", "a")
                .node("Identity", "a", "b")
                .node("Dropout", "b", "c")
                .node("Cast", "c", "d", "to", DType.FLOAT.code())
                .ints("zeros", 0, 0, 0, 0, 0, 0, 0, 0)
                .node("Pad", "d zeros", "e")
                .ints("front", 0)
                .ints("end", Long.MAX_VALUE)
                .ints("axis", 2)
                .node("Slice", "e front end axis", "f")
                .node("Concat", "f", "g", "axis", 1)
                .ints("target", 0, 3, -1, 8)
                .node("Reshape", "g target", "h")
                .node("Transpose", "h", "i", "perm", new long[] {0, 1, 2, 3})
                .constant("one", Tensor.of(new Shape(3, 1, 1), 1f, 1f, 1f))
                .node("Mul", "i one", "j")
                .node("Sigmoid", "j", "y")
                .output("y"));
    assertThat(graph.nodes()).extracting("opType").containsExactly("Relu", "Sigmoid");
    assertThat(graph.initializers()).isEmpty();
  }

  @Test
  void clampsOnce() {
    Graph graph =
        apply(
            Sketch.opset(13)
                .input("x", "N", 3)
                .node("Relu", "x", "a")
                .node("Relu", "a", "b")
                .node("Relu", "b", "c")
                .constant("low", Tensor.scalar(0f))
                .constant("high", Tensor.scalar(6f))
                .node("Clip", "c low high", "d")
                .node("Clip", "d low high", "e")
                .node("Clip", "e low", "f")
                .node("Sigmoid", "f", "y")
                .output("y"));
    assertThat(graph.nodes())
        .extracting("opType")
        .containsExactly("Relu", "Clip", "Clip", "Sigmoid");
  }

  @Test
  void keepsWhatOnlyLooksIdle() {
    Graph graph =
        apply(
            Sketch.opset(13)
                .input("x", "N", 3)
                .input("flag", DType.BOOL)
                .constant("ratio", Tensor.scalar(0.5f))
                .node("Dropout", "x ratio flag", "a") // may train
                .constant("wide", Tensor.of(new Shape(2, 1), 1f, 1f))
                .node("Mul", "a wide", "b") // broadcasts
                .ints("last", -1)
                .ints("first", Long.MIN_VALUE)
                .ints("axis", 1)
                .ints("back", -1)
                .node("Slice", "b last first axis back", "c") // turns round
                .node("Sub", "wide c", "d")
                .node("Dropout", "d", "y mask") // its mask is read
                .output("y")
                .output("mask"));
    assertThat(graph.nodes()).hasSize(5);
  }

  @Test
  void theNodeBeforeTakesOverTheNameOfAnOutput() {
    Graph graph =
        apply(
            Sketch.opset(13)
                .input("x", 2)
                .node("Relu", "x", "a")
                .node("Identity", "a", "b")
                .node("Identity", "b", "y")
                .node("Neg", "a", "z")
                .output("y")
                .output("z"));
    assertThat(graph.nodes()).extracting("opType").containsExactly("Relu", "Neg");
    assertThat(graph.nodes().getFirst().output()).isEqualTo("y");
    assertThat(graph.nodes().getLast().inputs()).containsExactly("y");
  }

  @Test
  void outputsThatShareASourceKeepTheirNames() {
    Graph graph =
        apply(
            Sketch.opset(13)
                .input("x", 2)
                .node("Identity", "x", "copy")
                .node("Relu", "x", "a")
                .node("Identity", "a", "y")
                .node("Identity", "a", "z")
                .output("copy")
                .output("y")
                .output("z"));
    assertThat(graph.outputs()).extracting("name").containsExactly("copy", "y", "z");
    assertThat(graph.nodes())
        .extracting("opType")
        .containsExactlyInAnyOrder("Identity", "Relu", "Identity");
  }

  @Test
  void subgraphsReadTheSource() {
    Graph body =
        new Graph(
            "body",
            Sketch.opset(13).node("Neg", "b", "inner").graph().nodes(),
            Map.of(),
            List.of(),
            List.of(new Value("inner", java.util.Optional.empty(), List.of())),
            List.of(),
            List.of());
    Graph graph =
        apply(
            Sketch.opset(13)
                .input("x", 2)
                .input("flag", DType.BOOL)
                .node("Relu", "x", "a")
                .node("Identity", "a", "b")
                .node(
                    "If",
                    "flag",
                    "y",
                    "then_branch",
                    new Attribute.Subgraph(body),
                    "else_branch",
                    new Attribute.Subgraph(body))
                .output("y"));
    assertThat(graph.nodes()).extracting("opType").containsExactly("Relu", "If");
  }

  private static Graph apply(Sketch sketch) {
    return GraphCheck.check(new RemoveIdentities().apply(sketch.model()).graph());
  }
}
