package dev.halftone.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.Networks;
import dev.halftone.graph.Attribute;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.graph.shape.ShapeInference;
import dev.halftone.integer.AccumulatorBound;
import dev.halftone.recipe.Recipe;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class LayerSumsTest {

  private static LayerSums only(Model model) {
    Placement placement =
        Placer.place(model.graph(), ShapeInference.infer(model).all(), Recipe.W8A8);
    return LayerSums.of(model.graph(), placement).getFirst();
  }

  @Test
  void aFloatLayerIsBoundForEveryZeroPoint() {
    // rounded: 127, -64 and 0, 127; the worst activations are 255 steps above or below zero
    Model model =
        Networks.input(1, -1, 2)
            .constant("w", Tensor.of(new Shape(2, 2), 127f, 0f, -64f, 3f))
            .op("MatMul", "y", "input", "w")
            .model();
    LayerSums sums = only(model);
    assertThat(sums.products()).isEqualTo(2);
    assertThat(sums.exact()).isFalse();
    assertThat(sums.bound().highest()).isEqualTo(255 * 127);
    assertThat(sums.bound().lowest()).isEqualTo(-255 * 127);
    assertThat(sums.pairsFitInt16()).isTrue();
  }

  /// One output with a bias of 7 and these weights.
  private static LayerSums quantized(int... weights) {
    return only(
        Networks.input(1, -1, 2)
            .constant("s", Tensor.scalar(0.1f))
            .constant("z", Tensor.ofIntegers(DType.UINT8, Shape.SCALAR, 100))
            .op("QuantizeLinear", "q", "input", "s", "z")
            .op("DequantizeLinear", "x", "q", "s", "z")
            .constant("wq", Tensor.ofIntegers(DType.INT8, new Shape(1, 2), weights))
            .op("DequantizeLinear", "w", "wq", "s")
            .constant("bq", Tensor.ofIntegers(DType.INT32, new Shape(1), 7))
            .op("DequantizeLinear", "b", "bq", "s")
            .add(
                Node.of("Gemm", "y", List.of("x", "w", "b"), List.of("y"))
                    .with("transB", new Attribute.Int(1)))
            .model());
  }

  @Test
  void aQuantizedLayerIsBoundExactly() {
    LayerSums sums = quantized(100, 127);
    assertThat(sums.exact()).isTrue();
    AccumulatorBound bound = sums.bound();
    assertThat(bound.highest()).isEqualTo(7 + 227 * 155);
    assertThat(bound.lowest()).isEqualTo(7 - 227 * 100);
    assertThat(sums.pairsFitInt16()).isFalse();
  }

  @Test
  void tellsWherePairsSaturate() {
    assertThat(quantized(64, 64).pairsFitInt16()).isTrue();
    assertThat(quantized(65, 64).pairsFitInt16()).isFalse();
    assertThat(quantized(-64, -64).pairsFitInt16()).isTrue();
    assertThat(quantized(-64, -65).pairsFitInt16()).isFalse();
    assertThat(quantized(127, -127).pairsFitInt16()).isTrue();
  }
}
