package dev.halftone.engine.integer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.halftone.integer.IntegerGraph;
import dev.halftone.integer.IntegerOp;
import dev.halftone.integer.Made;
import dev.halftone.scheme.FixedPoint;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SoftmaxTest {

  @Test
  void theExponentialIsExactToTwentyTwoBits() {
    for (int a = 0; a > -(31 << 26); a -= 977_777) {
      double real = Math.exp(a / (double) (1 << 26));
      assertThat(Softmax.exp(a) / (double) (1L << 31)).isCloseTo(real, within(0x1p-22));
    }
  }

  @Test
  void theReciprocalIsExactToTwentySixBits() {
    for (long a = 0; a < 1L << 31; a += 7_777_777) {
      double real = 1 / (1 + a / (double) (1L << 31));
      assertThat(Softmax.reciprocal((int) a) / (double) (1L << 31))
          .isCloseTo(real, within(0x1p-26));
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.001, 0.05, 0.3, 2, 15.9})
  void sharesAreWithinALevel(double scale) {
    int columns = 37;
    IntegerGraph graph =
        Made.graph(
            y -> new IntegerOp.Softmax(0, y, FixedPoint.of((float) scale * 0x1p26)),
            Made.tensor("x", Made.grid(scale, 3), 1, 4, columns),
            Made.tensor("y", Made.grid(1 / 256.0, -128), 1, 4, columns));
    byte[] x = Made.integers(new Random(3), 4 * columns);
    byte[] y = new IntegerEngine(graph).run(x)[0];
    for (int row = 0; row < 4; row++) {
      double sum = 0;
      for (int i = 0; i < columns; i++) {
        sum += Math.exp(scale * (x[row * columns + i] - 127));
      }
      for (int i = 0; i < columns; i++) {
        double share = Math.exp(scale * (x[row * columns + i] - 127)) / sum;
        assertThat((double) y[row * columns + i])
            .isCloseTo(Math.min(127, share * 256 - 128), within(1.0));
      }
    }
  }

  @Test
  void oneClassTakesAll() {
    IntegerGraph graph =
        Made.graph(
            y -> new IntegerOp.Softmax(0, y, FixedPoint.of(0x1p24)),
            Made.tensor("x", Made.grid(0.25, 0), 2, 1),
            Made.tensor("y", Made.grid(1 / 256.0, -128), 2, 1));
    assertThat(new IntegerEngine(graph).run(new byte[] {-128, 5})[0])
        .isEqualTo(new byte[] {127, 127});
  }
}
