package dev.halftone.engine.integer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.integer.Clamp;
import dev.halftone.integer.IntegerOp;
import dev.halftone.integer.IntegerTensor;
import dev.halftone.integer.Made;
import dev.halftone.integer.Weights;
import dev.halftone.integer.Window;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The fast convolution gives the bits of the plain one.
class LanesConv2dTest {

  @ParameterizedTest
  @CsvSource({
    // height, width, inC, outC, kernel, stride, pad, extremes only
    "5, 7, 3, 8, 3, 1, 1, false",
    "6, 5, 1, 13, 5, 2, 2, false",
    "3, 3, 512, 9, 1, 1, 0, true",
    "3, 3, 513, 17, 1, 1, 0, true",
    "4, 4, 700, 33, 3, 1, 1, true",
    "1, 1, 1, 1, 1, 1, 0, false",
  })
  void givesTheSameBits(int h, int w, int inC, int outC, int k, int s, int pad, boolean extremes) {
    Random random = new Random(5);
    Weights weights = Made.weights(random, outC, k * k * inC, 1e-4);
    byte[] x = Made.integers(random, h * w * inC);
    IntegerTensor in = Made.tensor("x", Made.grid(0.1, -128), 1, h, w, inC);
    if (extremes) { // the largest sums that there are
      Arrays.fill(weights.values(), (byte) 127);
      Arrays.fill(x, (byte) 127);
    }
    int oh = (h + 2 * pad - k) / s + 1;
    int ow = (w + 2 * pad - k) / s + 1;
    IntegerTensor out = Made.tensor("y", Made.grid(0.1, 3), 1, oh, ow, outC);
    IntegerOp.Conv op =
        new IntegerOp.Conv(0, 1, new Window(k, k, s, s, 1, 1, pad, pad), 1, weights, Clamp.NONE);
    byte[] plain = new byte[out.count()];
    byte[] fast = new byte[out.count()];
    Conv2d.run(op, in, x, out, plain);
    LanesConv2d.run(op, in, x, out, fast, LanesConv2d.transposed(weights));
    assertThat(fast).isEqualTo(plain);
  }
}
