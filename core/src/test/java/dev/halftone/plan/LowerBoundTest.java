package dev.halftone.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Sketch;
import dev.halftone.tensor.Tensor;
import dev.halftone.testing.Interpreter;
import dev.halftone.testing.PassCheck;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LowerBoundTest {

  private static final PassCheck CHECK = new PassCheck(new Interpreter());

  private static Sketch net() {
    return Sketch.opset(17)
        .input("x", 4001)
        .constant("root", Tensor.scalar(0.70710678f))
        .constant("half", Tensor.scalar(0.5f))
        .constant("one", Tensor.scalar(1))
        .constant("three", Tensor.scalar(3))
        .constant("cubic", Tensor.scalar(0.044715f))
        .constant("pi", Tensor.scalar((float) Math.sqrt(2 / Math.PI)))
        .constant("quick", Tensor.scalar(1.702f));
  }

  /// The bound is below all that the function gives, and not much.
  private static void requireBound(Sketch sketch) {
    float[] x = new float[4001];
    for (int i = 0; i < x.length; i++) {
      x[i] = (i - 2000) / 200f;
    }
    var model = sketch.output("y").model();
    Tensor y = Objects.requireNonNull(CHECK.run(model, Map.of("x", Tensor.vector(x))).get("y"));
    float least = Float.POSITIVE_INFINITY;
    for (float value : y.toFloats()) {
      least = Math.min(least, value);
    }
    float bound = LowerBound.of("y", new GraphIndex(model.graph())).orElseThrow();
    assertThat(bound).isLessThanOrEqualTo(least).isGreaterThan(least - 0.12f);
  }

  @Test
  void functionsThatAreSpelledOutHaveTheirBounds() {
    requireBound(
        net()
            .node("Mul", "x root", "a")
            .node("Erf", "a", "b")
            .node("Add", "b one", "c")
            .node("Mul", "x c", "d")
            .node("Mul", "d half", "y"));
    requireBound(
        net()
            .node("Mul", "x half", "h")
            .node("Pow", "x three", "a")
            .node("Mul", "a cubic", "b")
            .node("Add", "x b", "c")
            .node("Mul", "c pi", "d")
            .node("Tanh", "d", "e")
            .node("Add", "e one", "f")
            .node("Mul", "h f", "y"));
    requireBound(net().node("Sigmoid", "x", "s").node("Mul", "x s", "y"));
    requireBound(
        net().node("Mul", "x quick", "a").node("Sigmoid", "a", "s").node("Mul", "x s", "y"));
    requireBound(net().node("Relu", "x", "y"));
  }

  @Test
  void aGateOfSomethingElseHasNone() {
    var graph =
        net()
            .input("z", 4001)
            .node("Sigmoid", "z", "s")
            .node("Mul", "x s", "y")
            .output("y")
            .graph();
    assertThat(LowerBound.of("y", new GraphIndex(graph))).isEqualTo(Optional.empty());
    assertThat(LowerBound.of("x", new GraphIndex(graph))).isEmpty();
  }
}
