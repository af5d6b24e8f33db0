package dev.halftone.integer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.scheme.Affine;
import dev.halftone.scheme.FixedPoint;
import dev.halftone.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ArenaPlanTest {

  private static final Affine GRID = Made.grid(0.1, 0);
  private static final Shape IMAGE = new Shape(1, 32, 32, 16);
  private static final int BYTES = 32 * 32 * 16;
  private static final int ROW = 32 * 16;

  /// A chain of operations over images of one size; tensor 0 is the input, the last one the output.
  private static IntegerGraph chain(int tensors, List<IntegerOp> ops) {
    List<IntegerTensor> all = new ArrayList<>();
    for (int i = 0; i < tensors; i++) {
      all.add(Made.tensor("t" + i, GRID, IMAGE.dims()));
    }
    List<Integer> order = List.of(0, 1, 2, 3);
    return IntegerGraphCheck.checked(
        new IntegerGraph(
            "made",
            all,
            ops,
            List.of(new Port("x", 0, IMAGE, order)),
            List.of(new Port("y", tensors - 1, IMAGE, order))));
  }

  private static IntegerOp conv(int from, int to, int kernel) {
    int pad = kernel / 2;
    Weights weights = Made.weights(new Random(1), 16, kernel * kernel * 16, 0.001);
    Window window = Made.square(kernel, 1, 1, pad);
    return new IntegerOp.Conv(from, to, window, 1, weights, Clamp.NONE);
  }

  private static IntegerOp add(int first, int second, int to) {
    FixedPoint half = FixedPoint.of(0.5);
    return new IntegerOp.Add(first, second, to, new SumRescale(half, half, half), Clamp.NONE);
  }

  @Test
  void whatGoesInAndOutIsNotInIt() {
    ArenaPlan plan = ArenaPlan.of(chain(2, List.of(conv(0, 1, 3))));
    assertThat(plan.size()).isZero();
    assertThat(plan.offsets()).containsExactly(-1, -1);
  }

  @Test
  void aConvolutionWritesTwoRowsAheadOfWhatItReads() {
    ArenaPlan plan = ArenaPlan.of(chain(4, List.of(conv(0, 1, 3), conv(1, 2, 3), conv(2, 3, 3))));
    assertThat(plan.size()).isEqualTo(BYTES + 2 * ROW);
    assertThat(plan.offsets().get(1) - plan.offsets().get(2)).isEqualTo(2 * ROW);
  }

  @Test
  void aResidualSumIsMadeInPlace() {
    IntegerGraph graph =
        chain(6, List.of(conv(0, 1, 3), conv(1, 2, 3), conv(2, 3, 3), add(1, 3, 4), conv(4, 5, 1)));
    assertThat(ArenaPlan.of(graph).size()).isEqualTo(2 * BYTES + 2 * ROW);
  }

  @Test
  void whatIsStillNeededIsNotWrittenOver() {
    IntegerGraph graph =
        chain(5, List.of(conv(0, 1, 3), conv(1, 2, 3), add(1, 2, 3), add(1, 3, 4)));
    ArenaPlan plan = ArenaPlan.of(graph);
    assertThat(plan.size()).isEqualTo(2 * BYTES);
    assertThat(Math.abs(plan.offsets().get(1) - plan.offsets().get(3))).isEqualTo(BYTES);
  }

  @Test
  void aReshapeCostsNothing() {
    IntegerGraph graph =
        chain(4, List.of(conv(0, 1, 3), new IntegerOp.Reshape(1, 2), conv(2, 3, 3)));
    ArenaPlan plan = ArenaPlan.of(graph);
    assertThat(plan.size()).isEqualTo(BYTES);
    assertThat(plan.offsets().get(2)).isEqualTo(plan.offsets().get(1));
  }
}
