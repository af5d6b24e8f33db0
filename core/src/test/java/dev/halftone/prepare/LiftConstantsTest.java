package dev.halftone.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.graph.GraphCheck;
import dev.halftone.graph.Model;
import dev.halftone.graph.Sketch;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import org.junit.jupiter.api.Test;

class LiftConstantsTest {

  @Test
  void makesInitializersOfAddedNodesOfEveryKind() {
    Model lifted =
        new LiftConstants()
            .apply(
                Sketch.opset(13)
                    .input("x", 2)
                    .node("Constant", "", "tensor", "value", Tensor.vector(1f, 2f))
                    .node("Constant", "", "number", "value_float", 3f)
                    .node("Constant", "", "axes", "value_ints", new long[] {0, 1})
                    .node("Constant", "", "text", "value_string", "stays")
                    .node("Add", "x tensor", "sum")
                    .node("Mul", "sum number", "y")
                    .output("y")
                    .output("axes")
                    .model());
    GraphCheck.check(lifted.graph());
    assertThat(lifted.graph().nodes())
        .extracting("opType")
        .containsExactly("Constant", "Add", "Mul");
    assertThat(lifted.graph().constant("tensor").orElseThrow().toFloats()).containsExactly(1, 2);
    assertThat(lifted.graph().constant("number").orElseThrow().shape()).isEqualTo(Shape.SCALAR);
    assertThat(lifted.graph().constant("axes").orElseThrow().toLongs()).containsExactly(0, 1);
  }

  @Test
  void weightsListedAsInputsAreConstants() {
    Model old =
        Sketch.opset(8)
            .input("x", 2)
            .input("w", 2)
            .constant("w", Tensor.vector(1f, 2f))
            .node("Add", "x w", "y")
            .output("y")
            .model()
            .withIrVersion(3);
    Model lifted = new LiftConstants().apply(old);
    assertThat(old.graph().constant("w")).isEmpty();
    assertThat(lifted.graph().constant("w")).isPresent();
    assertThat(lifted.graph().inputs()).extracting("name").containsExactly("x");
    assertThat(lifted.irVersion()).isEqualTo(4);
  }
}
