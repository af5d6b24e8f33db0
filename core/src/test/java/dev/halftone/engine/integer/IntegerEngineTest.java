package dev.halftone.engine.integer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.integer.Clamp;
import dev.halftone.integer.IntegerGraph;
import dev.halftone.integer.IntegerOp;
import dev.halftone.integer.IntegerTensor;
import dev.halftone.integer.Made;
import dev.halftone.integer.MeanRescale;
import dev.halftone.integer.SumRescale;
import dev.halftone.integer.Weights;
import dev.halftone.integer.Window;
import dev.halftone.scheme.Affine;
import dev.halftone.scheme.FixedPoint;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Each operation against its definition, written out element by element.
class IntegerEngineTest {

  private static final Affine IN = Made.grid(0.05, -11);
  private static final Affine OUT = Made.grid(0.07, 5);
  private static final Clamp CLAMP = new Clamp(-100, 90);

  private final Random random = new Random(17);

  private static byte[] run(IntegerGraph graph, byte[]... inputs) {
    return new IntegerEngine(graph).run(inputs)[0];
  }

  private static int out(int size, int kernel, int stride, int dilation, int before, int after) {
    return (size + before + after - (kernel - 1) * dilation - 1) / stride + 1;
  }

  @ParameterizedTest
  @CsvSource({
    // height, width, inC, outC, kernel, stride, dilation, groups, top, left, bottom, right
    "5, 7, 3, 4, 3, 1, 1, 1, 1, 1, 1, 1",
    "8, 8, 4, 6, 3, 2, 1, 2, 0, 1, 1, 0",
    "9, 6, 1, 5, 5, 3, 1, 1, 2, 0, 2, 3",
    "7, 7, 6, 6, 3, 1, 2, 3, 2, 2, 2, 2",
    "1, 1, 17, 3, 1, 1, 1, 1, 0, 0, 0, 0",
    "4, 3, 8, 9, 1, 2, 1, 1, 0, 0, 0, 0",
  })
  void conv(
      int h, int w, int inC, int outC, int k, int s, int d, int g, int t, int l, int b, int r) {
    int oh = out(h, k, s, d, t, b);
    int ow = out(w, k, s, d, l, r);
    int depth = inC / g;
    Weights weights = Made.weights(random, outC, k * k * depth, 0.0007);
    IntegerGraph graph =
        Made.graph(
            y ->
                new IntegerOp.Conv(
                    0,
                    y,
                    new Window(new Window.Axis(k, s, d, t), new Window.Axis(k, s, d, l)),
                    g,
                    weights,
                    CLAMP),
            Made.tensor("x", IN, 1, h, w, inC),
            Made.tensor("y", OUT, 1, oh, ow, outC));
    byte[] x = Made.integers(random, h * w * inC);
    byte[] expected = new byte[oh * ow * outC];
    for (int i = 0; i < expected.length; i++) {
      int o = i % outC;
      int sum = weights.bias()[o];
      for (int j = 0; j < k * k * depth; j++) {
        int iy = i / outC / ow * s - t + j / depth / k * d;
        int ix = i / outC % ow * s - l + j / depth % k * d;
        int c = o / (outC / g) * depth + j % depth;
        if (iy >= 0 && iy < h && ix >= 0 && ix < w) {
          sum += (x[(iy * w + ix) * inC + c] + 11) * weights.values()[o * k * k * depth + j];
        }
      }
      expected[i] = CLAMP.of(5 + weights.rescale().get(o).times(sum));
    }
    assertThat(run(graph, x)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    // height, width, inC, multiplier, kernel, stride, dilation, top, left, bottom, right
    "5, 7, 3, 1, 3, 1, 1, 1, 1, 1, 1",
    "8, 8, 5, 2, 3, 2, 1, 0, 1, 1, 0",
    "9, 9, 4, 1, 5, 2, 1, 2, 2, 2, 2",
    "6, 6, 2, 3, 2, 1, 3, 1, 0, 2, 3",
  })
  void depthwise(int h, int w, int inC, int m, int k, int s, int d, int t, int l, int b, int r) {
    int oh = out(h, k, s, d, t, b);
    int ow = out(w, k, s, d, l, r);
    int outC = inC * m;
    Weights weights = Made.weights(random, outC, k * k, 0.002);
    IntegerGraph graph =
        Made.graph(
            y ->
                new IntegerOp.DepthwiseConv(
                    0,
                    y,
                    new Window(new Window.Axis(k, s, d, t), new Window.Axis(k, s, d, l)),
                    weights,
                    CLAMP),
            Made.tensor("x", IN, 1, h, w, inC),
            Made.tensor("y", OUT, 1, oh, ow, outC));
    byte[] x = Made.integers(random, h * w * inC);
    byte[] expected = new byte[oh * ow * outC];
    for (int i = 0; i < expected.length; i++) {
      int o = i % outC;
      int sum = weights.bias()[o];
      for (int j = 0; j < k * k; j++) {
        int iy = i / outC / ow * s - t + j / k * d;
        int ix = i / outC % ow * s - l + j % k * d;
        if (iy >= 0 && iy < h && ix >= 0 && ix < w) {
          sum += (x[(iy * w + ix) * inC + o / m] + 11) * weights.values()[j * outC + o];
        }
      }
      expected[i] = CLAMP.of(5 + weights.rescale().get(o).times(sum));
    }
    assertThat(run(graph, x)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 1", "1, 37, 10", "3, 64, 5"})
  void fullyConnected(int rows, int inputs, int outputs) {
    Weights weights = Made.weights(random, outputs, inputs, 0.003);
    IntegerGraph graph =
        Made.graph(
            y -> new IntegerOp.FullyConnected(0, y, weights, CLAMP),
            Made.tensor("x", IN, rows, inputs),
            Made.tensor("y", OUT, rows, outputs));
    byte[] x = Made.integers(random, rows * inputs);
    byte[] expected = new byte[rows * outputs];
    for (int i = 0; i < expected.length; i++) {
      int sum = weights.bias()[i % outputs];
      for (int k = 0; k < inputs; k++) {
        sum += (x[i / outputs * inputs + k] + 11) * weights.values()[i % outputs * inputs + k];
      }
      expected[i] = CLAMP.of(5 + FixedPoint.of(0.003).times(sum));
    }
    assertThat(run(graph, x)).isEqualTo(expected);
  }

  @Test
  void sumsAndProductsBroadcast() {
    FixedPoint left = FixedPoint.of(0.5);
    FixedPoint right = FixedPoint.of(0.31);
    FixedPoint sum = FixedPoint.of(1.7 / (1 << 20));
    Affine other = Made.grid(0.03, 20);
    IntegerTensor[] tensors = {
      Made.tensor("a", IN, 1, 3, 5, 2),
      Made.tensor("b", other, 1, 1, 1, 2),
      Made.tensor("y", OUT, 1, 3, 5, 2)
    };
    byte[] a = Made.integers(random, 30);
    byte[] b = Made.integers(random, 2);
    byte[] sums = new byte[30];
    byte[] products = new byte[30];
    for (int i = 0; i < 30; i++) {
      int x = a[i] + 11;
      int z = b[i % 2] - 20;
      sums[i] = CLAMP.of(5 + sum.times(left.times(x << 20) + right.times(z << 20)));
      products[i] = CLAMP.of(5 + left.times(x * z));
    }
    IntegerGraph add =
        Made.graph(
            y -> new IntegerOp.Add(0, 1, y, new SumRescale(left, right, sum), CLAMP), tensors);
    IntegerGraph mul = Made.graph(y -> new IntegerOp.Mul(0, 1, y, left, CLAMP), tensors);
    assertThat(run(add, a, b)).isEqualTo(sums);
    assertThat(run(mul, a, b)).isEqualTo(products);
  }

  @Test
  void differencesTakeTheSecondTermOffAfterItIsRounded() {
    FixedPoint left = FixedPoint.of(0.5);
    FixedPoint right = FixedPoint.of(0.37);
    FixedPoint sum = FixedPoint.of(1.3 / (1 << 20));
    byte[] a = Made.integers(random, 200);
    byte[] b = Made.integers(random, 200);
    byte[] expected = new byte[200];
    for (int i = 0; i < 200; i++) {
      int taken = right.times((b[i] - 20) << 20);
      expected[i] = CLAMP.of(5 + sum.times(left.times((a[i] + 11) << 20) - taken));
    }
    IntegerGraph graph =
        Made.graph(
            y -> new IntegerOp.Sub(0, 1, y, new SumRescale(left, right, sum), CLAMP),
            Made.tensor("a", IN, 200),
            Made.tensor("b", Made.grid(0.03, 20), 200),
            Made.tensor("y", OUT, 200));
    assertThat(run(graph, a, b)).isEqualTo(expected);
  }

  @Test
  void slopesAreOfChannels() {
    FixedPoint positive = FixedPoint.of(0.9);
    FixedPoint negative = FixedPoint.of(0.004);
    byte[] x = Made.integers(random, 60);
    byte[] slope = {-128, 3, 127};
    byte[] expected = new byte[60];
    for (int i = 0; i < 60; i++) {
      int value = x[i] + 11;
      int times = slope[i % 3] - 20;
      expected[i] =
          Clamp.NONE.of(5 + (value >= 0 ? positive.times(value) : negative.times(value * times)));
    }
    IntegerGraph graph =
        Made.graph(
            y -> new IntegerOp.PRelu(0, 1, y, positive, negative),
            Made.tensor("x", IN, 1, 4, 5, 3),
            Made.tensor("slope", Made.grid(0.01, 20), 1, 1, 1, 3),
            Made.tensor("y", OUT, 1, 4, 5, 3));
    assertThat(run(graph, x, slope)).isEqualTo(expected);
  }

  @Test
  void productsOfMatricesBroadcast() {
    FixedPoint rescale = FixedPoint.of(0.003);
    byte[] a = Made.integers(random, 2 * 3 * 4);
    byte[] b = Made.integers(random, 5 * 4 * 2);
    byte[] expected = new byte[2 * 5 * 3 * 2];
    for (int i = 0; i < expected.length; i++) {
      int column = i % 2;
      int row = i / 2 % 3;
      int sum = 0;
      for (int k = 0; k < 4; k++) {
        sum += (a[i / 30 * 12 + row * 4 + k] + 11) * (b[i / 6 % 5 * 8 + k * 2 + column] - 20);
      }
      expected[i] = Clamp.NONE.of(5 + rescale.times(sum));
    }
    IntegerGraph graph =
        Made.graph(
            y -> new IntegerOp.MatMul(0, 1, y, rescale),
            Made.tensor("a", IN, 2, 1, 3, 4),
            Made.tensor("b", Made.grid(0.03, 20), 1, 5, 4, 2),
            Made.tensor("y", OUT, 2, 5, 3, 2));
    assertThat(run(graph, a, b)).isEqualTo(expected);
  }

  @Test
  void rescalesAndLooksUp() {
    byte[] all = new byte[256];
    byte[] table = new byte[256];
    byte[] rescaled = new byte[256];
    FixedPoint factor = FixedPoint.of(1.3);
    for (int i = 0; i < 256; i++) {
      all[i] = (byte) (i - 128);
      table[i] = (byte) (i * 7);
      rescaled[i] = CLAMP.of(5 + factor.times(all[i] + 11));
    }
    IntegerTensor[] tensors = {Made.tensor("x", IN, 256), Made.tensor("y", OUT, 256)};
    assertThat(run(Made.graph(y -> new IntegerOp.Lookup(0, y, "f", table), tensors), all))
        .isEqualTo(table);
    assertThat(run(Made.graph(y -> new IntegerOp.Rescale(0, y, factor, CLAMP), tensors), all))
        .isEqualTo(rescaled);
  }

  @Test
  void poolsIgnoreWhatLiesOutside() {
    Window window = Made.square(2, 2, 1, 1);
    IntegerTensor[] tensors = {Made.tensor("x", IN, 1, 3, 3, 1), Made.tensor("y", IN, 1, 2, 2, 1)};
    byte[] x = {-128, 1, -4, 2, 4, -5, 127, 127, -100};
    assertThat(run(Made.graph(y -> new IntegerOp.MaxPool(0, y, window), tensors), x))
        .isEqualTo(new byte[] {-128, 1, 127, 127});
    // -128 | (1 - 4) / 2 = -1.5 | (2 + 127) / 2 = 64.5 | (4 - 5 + 127 - 100) / 4 = 6.5: ties away
    // from zero
    assertThat(run(Made.graph(y -> new IntegerOp.AveragePool(0, y, window), tensors), x))
        .isEqualTo(new byte[] {-128, -2, 65, 7});
  }

  @Test
  void meansAreRescaled() {
    IntegerTensor[] tensors = {Made.tensor("x", IN, 1, 3, 5, 2), Made.tensor("y", OUT, 1, 1, 1, 2)};
    byte[] x = Made.integers(random, 30);
    MeanRescale rescale = MeanRescale.of(FixedPoint.of(0.05 / 0.07), 15);
    byte[] y = run(Made.graph(o -> new IntegerOp.Mean(0, o, rescale), tensors), x);
    for (int c = 0; c < 2; c++) {
      double sum = 0;
      for (int i = 0; i < 15; i++) {
        sum += x[i * 2 + c] + 11;
      }
      assertThat((double) y[c]).isBetween(sum / 21 + 5 - 0.51, sum / 21 + 5 + 0.51);
    }
  }

  @Test
  void movesIntegers() {
    byte[] x = {0, 1, 2, 3, 4, 5};
    IntegerTensor in = Made.tensor("x", IN, 1, 2, 3, 1);
    IntegerGraph pad =
        Made.graph(
            y -> new IntegerOp.Pad(0, y, List.of(0, 1, 0, 0), List.of(0, 0, 1, 1)),
            in,
            Made.tensor("y", IN, 1, 3, 4, 2));
    byte z = -11;
    assertThat(run(pad, x))
        .isEqualTo(
            new byte[] {z, z, z, z, z, z, z, z, 0, z, 1, z, 2, z, z, z, 3, z, 4, z, 5, z, z, z});
    IntegerGraph transpose =
        Made.graph(
            y -> new IntegerOp.Transpose(0, y, List.of(0, 2, 3, 1)),
            in,
            Made.tensor("y", IN, 1, 3, 1, 2));
    assertThat(run(transpose, x)).isEqualTo(new byte[] {0, 3, 1, 4, 2, 5});
    IntegerGraph slice =
        Made.graph(
            y -> new IntegerOp.Slice(0, y, List.of(0, 1, 0, 0), List.of(1, 1, 2, 1)),
            in,
            Made.tensor("y", IN, 1, 1, 2, 1));
    assertThat(run(slice, x)).isEqualTo(new byte[] {3, 5});
    IntegerGraph resize =
        Made.graph(
            y -> new IntegerOp.ResizeNearest(0, y, List.of(1, 0, 0), List.of(0, 2)),
            in,
            Made.tensor("y", IN, 1, 3, 2, 1));
    assertThat(run(resize, x)).isEqualTo(new byte[] {3, 5, 0, 2, 0, 2});
    IntegerGraph concat =
        Made.graph(
            y -> new IntegerOp.Concat(List.of(0, 1, 0), y, 2),
            in,
            Made.tensor("b", IN, 1, 2, 1, 1),
            Made.tensor("y", IN, 1, 2, 7, 1));
    assertThat(run(concat, x, new byte[] {8, 9}))
        .isEqualTo(new byte[] {0, 1, 2, 8, 0, 1, 2, 3, 4, 5, 9, 3, 4, 5});
  }
}
