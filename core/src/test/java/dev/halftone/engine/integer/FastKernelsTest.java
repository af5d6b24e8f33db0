package dev.halftone.engine.integer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.integer.Clamp;
import dev.halftone.integer.IntegerOp;
import dev.halftone.integer.IntegerTensor;
import dev.halftone.integer.Made;
import dev.halftone.integer.Weights;
import dev.halftone.integer.Window;
import dev.halftone.scheme.FixedPoint;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The fast kernels give the bits of the plain ones.
class FastKernelsTest {

  private static final Clamp CLAMP = new Clamp(-120, 110);

  private final Random random = new Random(5);

  /// Each output has a factor of its own: most scale down, one up, one to nothing.
  private Weights weights(int outputs, int each, boolean extremes) {
    Weights made = Made.weights(random, outputs, each, 1);
    List<FixedPoint> factors = new ArrayList<>();
    for (int o = 0; o < outputs; o++) {
      factors.add(
          switch (o % 7) {
            case 3 -> FixedPoint.of(1.4);
            case 5 -> FixedPoint.of(0);
            default -> FixedPoint.of(random.nextDouble() * 4 / Math.sqrt(each) / 127);
          });
    }
    if (extremes) { // the largest sums that there are
      Arrays.fill(made.values(), (byte) 127);
    }
    return new Weights(made.values(), made.bias(), factors, made.scales());
  }

  private byte[] input(int count, boolean extremes) {
    byte[] x = Made.integers(random, count);
    if (extremes) {
      Arrays.fill(x, (byte) -128);
    }
    return x;
  }

  @ParameterizedTest
  @CsvSource({
    // height, width, inC, outC, kernel, stride, dilation, pad, extremes only
    "5, 7, 3, 8, 3, 1, 1, 1, false",
    "6, 5, 1, 13, 5, 2, 1, 2, false",
    "9, 11, 4, 40, 3, 1, 2, 2, false",
    "23, 17, 24, 24, 1, 1, 1, 0, false",
    "7, 7, 19, 100, 1, 1, 1, 0, false",
    "3, 3, 512, 9, 1, 1, 1, 0, true",
    "3, 3, 513, 17, 1, 1, 1, 0, true",
    "3, 3, 1024, 32, 1, 1, 1, 0, true",
    "3, 3, 1025, 33, 1, 1, 1, 0, true",
    "4, 4, 700, 33, 3, 1, 1, 1, true",
    "13, 13, 150, 65, 3, 2, 1, 1, false",
    "1, 1, 1, 1, 1, 1, 1, 0, false",
  })
  void conv(int h, int w, int inC, int outC, int k, int s, int d, int pad, boolean extremes) {
    Weights weights = weights(outC, k * k * inC, extremes);
    byte[] x = input(h * w * inC, extremes);
    IntegerTensor in = Made.tensor("x", Made.grid(0.1, extremes ? 127 : -9), 1, h, w, inC);
    int oh = (h + 2 * pad - (k - 1) * d - 1) / s + 1;
    int ow = (w + 2 * pad - (k - 1) * d - 1) / s + 1;
    IntegerTensor out = Made.tensor("y", Made.grid(0.1, 3), 1, oh, ow, outC);
    Window window = Made.square(k, s, d, pad);
    IntegerOp.Conv op = new IntegerOp.Conv(0, 1, window, 1, weights, CLAMP);
    byte[] plain = new byte[out.count()];
    Conv2d.run(op, in, x, out, plain);
    for (Kernel kernel :
        List.of(
            new LanesConv2d(op, in, out),
            new VectorConv2d(op, in, out, 1),
            new VectorConv2d(op, in, out, 3))) {
      byte[] fast = new byte[out.count()];
      kernel.run(x, fast);
      assertThat(fast).as("%s", kernel.getClass()).isEqualTo(plain);
    }
  }

  @ParameterizedTest
  @CsvSource({
    // height, width, channels, kernel, stride, dilation, pad, extremes only
    "5, 7, 8, 3, 1, 1, 1, false",
    "9, 8, 33, 5, 2, 1, 2, false",
    "9, 8, 16, 3, 1, 2, 2, false",
    "11, 6, 40, 3, 4, 1, 0, false",
    "3, 3, 100, 3, 1, 1, 1, true",
    "25, 24, 17, 22, 1, 1, 3, true",
    "1, 1, 9, 1, 1, 1, 0, false",
  })
  void depthwise(int h, int w, int channels, int k, int s, int d, int pad, boolean extremes) {
    Weights weights = weights(channels, k * k, extremes);
    byte[] x = input(h * w * channels, extremes);
    IntegerTensor in = Made.tensor("x", Made.grid(0.1, extremes ? 127 : -9), 1, h, w, channels);
    int oh = (h + 2 * pad - (k - 1) * d - 1) / s + 1;
    int ow = (w + 2 * pad - (k - 1) * d - 1) / s + 1;
    IntegerTensor out = Made.tensor("y", Made.grid(0.1, 3), 1, oh, ow, channels);
    Window window = Made.square(k, s, d, pad);
    IntegerOp.DepthwiseConv op = new IntegerOp.DepthwiseConv(0, 1, window, weights, CLAMP);
    byte[] plain = new byte[out.count()];
    DepthwiseConv2d.run(op, in, x, out, plain);
    for (int threads : new int[] {1, 3}) {
      byte[] fast = new byte[out.count()];
      new VectorDepthwise2d(op, in, out, threads).run(x, fast);
      assertThat(fast).as("%s threads", threads).isEqualTo(plain);
    }
  }
}
