package dev.halftone.integer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.scheme.Affine;
import dev.halftone.scheme.FixedPoint;
import java.util.Collections;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AccumulatorBoundTest {

  private static final Affine GRID = Made.grid(0.1, -7);

  private static Weights weights(int[] bias, int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return new Weights(
        bytes, bias, Collections.nCopies(bias.length, FixedPoint.of(0.01)), new float[bias.length]);
  }

  private static AccumulatorBound linear(Weights weights) {
    int each = weights.values().length / weights.outputs();
    IntegerGraph graph =
        Made.graph(
            y -> new IntegerOp.FullyConnected(0, y, weights, Clamp.NONE),
            Made.tensor("x", GRID, 1, each),
            Made.tensor("y", GRID, 1, weights.outputs()));
    return AccumulatorBound.of(graph, graph.weighted().findFirst().orElseThrow());
  }

  @Test
  void theWorstInputReachesIt() {
    // activations relative to their zero point are -121 to 134
    AccumulatorBound bound = linear(weights(new int[] {10}, 2, -3, 100));
    assertThat(bound.highest()).isEqualTo(10 + 2 * 134 + 3 * 121 + 100 * 134);
    assertThat(bound.lowest()).isEqualTo(10 - 2 * 121 - 3 * 134 - 100 * 121);
    assertThat(bound.fitsInt32()).isTrue();
    assertThat(bound.bits()).isEqualTo(15);
  }

  @Test
  void noInputExceedsIt() {
    Random random = new Random(3);
    Weights weights = Made.weights(random, 1, 50, 0.01);
    AccumulatorBound bound = linear(weights);
    for (int i = 0; i < 1000; i++) {
      byte[] x = Made.integers(random, 50);
      long sum = weights.bias()[0];
      for (int k = 0; k < 50; k++) {
        sum += (x[k] + 7) * weights.values()[k];
      }
      assertThat(sum).isBetween(bound.lowest(), bound.highest());
    }
  }

  @Test
  void tellsWhereAnInt32WouldWrap() {
    int[] bias = {Integer.MAX_VALUE - 100};
    assertThat(linear(weights(bias, 1)).fitsInt32()).isFalse();
  }
}
