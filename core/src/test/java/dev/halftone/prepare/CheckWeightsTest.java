package dev.halftone.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halftone.UnusableInputException;
import dev.halftone.graph.Model;
import dev.halftone.graph.Sketch;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import org.junit.jupiter.api.Test;

class CheckWeightsTest {

  private static final float INF = Float.POSITIVE_INFINITY;

  @Test
  void namesTheTensorAndCountsWhatIsWrong() {
    Model model =
        Sketch.opset(13)
            .input("x", 1, 2)
            .constant("head.weight", Tensor.of(new Shape(2, 2), 1f, Float.NaN, INF, Float.NaN))
            .node("MatMul", "x head.weight", "y")
            .output("y")
            .model();
    assertThatThrownBy(() -> new CheckWeights().apply(model))
        .isInstanceOf(UnusableInputException.class)
        .hasMessageContaining("head.weight")
        .hasMessageContaining("2 NaN and 1 infinite");
  }

  @Test
  void findsThemInHalfPrecision() {
    Model model =
        Sketch.opset(13)
            .input("x", DType.FLOAT16, 1, 1)
            .constant("w", new Tensor(DType.FLOAT16, new Shape(1, 1), halfInfinity().data()))
            .node("MatMul", "x w", "y")
            .output("y")
            .model();
    assertThatThrownBy(() -> new CheckWeights().apply(model)).hasMessageContaining("1 infinite");
  }

  private static Tensor halfInfinity() {
    return Tensor.ofIntegers(DType.UINT16, new Shape(1), 0x7C00);
  }

  @Test
  void acceptsBoundsAndMasks() {
    Model model =
        Sketch.opset(13)
            .input("x", 1, 2)
            .constant("low", Tensor.scalar(0f))
            .constant("high", Tensor.scalar(INF))
            .constant("mask", Tensor.of(new Shape(1, 2), 0f, -INF))
            .node("Clip", "x low high", "c")
            .node("Add", "c mask", "y")
            .output("y")
            .model();
    assertThat(new CheckWeights().apply(model)).isSameAs(model);
  }

  @Test
  void anInfiniteBiasIsNoMask() {
    Model model =
        Sketch.opset(13)
            .input("x", 1, 2)
            .constant("bias", Tensor.of(new Shape(2), 0.5f, INF))
            .node("Add", "x bias", "y")
            .output("y")
            .model();
    assertThatThrownBy(() -> new CheckWeights().apply(model)).hasMessageContaining("bias");
  }
}
