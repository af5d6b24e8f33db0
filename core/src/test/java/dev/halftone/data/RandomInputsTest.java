package dev.halftone.data;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halftone.UnusableInputException;
import dev.halftone.graph.Dim;
import dev.halftone.graph.TensorType;
import dev.halftone.graph.Value;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RandomInputsTest {

  private static Value input(DType dtype, Dim... dims) {
    return new Value("x", TensorType.of(dtype, List.of(dims)));
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"FLOAT", "FLOAT16", "DOUBLE", "UINT8", "INT32", "INT64", "BOOL"})
  void everyTypeIsFed(DType dtype) {
    Tensor tensor =
        requireNonNull(
            RandomInputs.of(List.of(input(dtype, new Dim.Named("batch"), Dim.of(3))), Map.of(), 1)
                .get("x"));
    assertThat(tensor.dtype()).isEqualTo(dtype);
    assertThat(tensor.shape()).isEqualTo(new Shape(1, 3));
    assertThat(tensor.toBytes()).isNotEqualTo(new byte[tensor.toBytes().length]);
  }

  @Test
  void openShapesMustBeGivenAndFit() {
    List<Value> open = List.of(input(DType.FLOAT, Dim.UNKNOWN, Dim.of(3), Dim.UNKNOWN));
    assertThatThrownBy(() -> RandomInputs.of(open, Map.of(), 1))
        .isInstanceOf(UnusableInputException.class)
        .hasMessageContaining("--shape x=");
    assertThat(RandomInputs.of(open, Map.of("x", new Shape(2, 3, 9)), 1)).containsKey("x");
    assertThatThrownBy(() -> RandomInputs.of(open, Map.of("x", new Shape(2, 4, 9)), 1))
        .isInstanceOf(UnusableInputException.class)
        .hasMessageContaining("takes FLOAT ?x3x?, not 2x4x9");
    assertThatThrownBy(() -> RandomInputs.of(open, Map.of("y", new Shape(1)), 1))
        .isInstanceOf(UnusableInputException.class)
        .hasMessageContaining("no input 'y'");
  }
}
