package dev.halftone.integer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halftone.scheme.Affine;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class IntegerGraphTest {

  private static final Affine GRID = Made.grid(0.1, 3);
  private static final IntegerTensor IMAGE = Made.tensor("image", GRID, 1, 5, 7, 3);

  private static IntegerGraph conv(Weights weights, IntegerTensor out) {
    return Made.graph(
        y -> new IntegerOp.Conv(0, y, Window.ONE, 1, weights, Clamp.NONE), IMAGE, out);
  }

  @Test
  void takesWhatIsWhole() {
    Weights weights = Made.weights(new Random(1), 4, 3, 0.01);
    assertThat(conv(weights, Made.tensor("y", GRID, 1, 5, 7, 4)).ops()).hasSize(1);
  }

  @Test
  void refusesWeightsThatDoNotFit() {
    Weights weights = Made.weights(new Random(1), 4, 2, 0.01);
    assertThatThrownBy(() -> conv(weights, Made.tensor("y", GRID, 1, 5, 7, 4)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("wants 3 for each of 4");
  }

  @Test
  void refusesAPoolThatChangesTheScale() {
    assertThatThrownBy(() ->
            Made.graph(
                y -> new IntegerOp.MaxPool(0, y, Window.ONE),
                IMAGE,
                Made.tensor("y", Made.grid(0.2, 3), 1, 5, 7, 3)))
        .hasMessageContaining("MaxPool");
  }

  @Test
  void refusesWhatIsReadBeforeItIsMade() {
    IntegerGraph graph =
        new IntegerGraph(
            "made",
            List.of(IMAGE, Made.tensor("y", GRID, 1, 5, 7, 3)),
            List.of(new IntegerOp.MaxPool(0, 1, Window.ONE)),
            List.of(),
            List.of());
    assertThatThrownBy(() -> IntegerGraphCheck.checked(graph)).hasMessageContaining("not made yet");
  }

  @Test
  void refusesShapesThatDoNotBroadcast() {
    assertThatThrownBy(() ->
            Made.graph(
                y -> new IntegerOp.Mul(0, 1, y, dev.halftone.scheme.FixedPoint.of(0.1), Clamp.NONE),
                IMAGE,
                Made.tensor("b", GRID, 1, 1, 1, 2),
                Made.tensor("y", GRID, 1, 5, 7, 3)))
        .hasMessageContaining("broadcast");
  }
}
