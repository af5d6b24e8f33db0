package dev.halftone.litert;

import dev.halftone.integer.Clamp;
import dev.halftone.integer.IntegerGraph;
import dev.halftone.integer.IntegerOp;
import dev.halftone.integer.IntegerTensor;
import dev.halftone.integer.Made;
import dev.halftone.integer.MeanRescale;
import dev.halftone.integer.Multipliers;
import dev.halftone.integer.SumRescale;
import dev.halftone.integer.Weights;
import dev.halftone.integer.Window;
import dev.halftone.scheme.Affine;
import dev.halftone.scheme.FixedPoint;
import dev.halftone.scheme.QuantizedType;
import dev.halftone.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Every operation gives the engine's bits in LiteRT's reference kernels: odd extents, extreme integers, several grids.
class OperationsTest {

  private static final Affine IN = Made.grid(0.0531, -11);
  private static final Affine OUT = Made.grid(0.0717, 5);
  private static final Clamp CLAMP = new Clamp(-100, 90);

  private final Random random = new Random(23);

  private static int out(int size, int kernel, int stride, int dilation, int before, int after) {
    return (size + before + after - (kernel - 1) * dilation - 1) / stride + 1;
  }

  /// Weights whose multipliers follow from scales.
  private Weights weights(int outputs, int each, Affine in, Affine out) {
    Weights made = Made.weights(random, outputs, each, 1);
    float[] scales = new float[outputs];
    List<FixedPoint> rescale = new ArrayList<>();
    for (int c = 0; c < outputs; c++) {
      scales[c] = (0.2f + random.nextFloat()) / (40 * (float) Math.sqrt(each));
      rescale.add(FixedPoint.of(Multipliers.weighted(in, scales[c], out)));
    }
    return new Weights(made.values(), made.bias(), rescale, scales);
  }

  private void same(IntegerGraph graph) {
    Written.same(graph, random);
  }

  @ParameterizedTest
  @CsvSource({
    // height, width, inC, outC, kernel, stride, dilation, groups, top, left, bottom, right
    "5, 7, 3, 4, 3, 1, 1, 1, 1, 1, 1, 1",
    "8, 8, 4, 6, 3, 2, 1, 2, 0, 1, 1, 0",
    "9, 6, 1, 5, 5, 3, 1, 1, 2, 0, 2, 3",
    "7, 7, 6, 6, 3, 1, 2, 3, 2, 2, 2, 2",
    "1, 1, 17, 1, 1, 1, 1, 1, 0, 0, 0, 0",
    "4, 3, 8, 9, 1, 2, 1, 1, 0, 0, 0, 0",
    "8, 8, 3, 8, 3, 2, 1, 1, 1, 1, 1, 1",
  })
  void conv(
      int h, int w, int inC, int outC, int k, int s, int d, int g, int t, int l, int b, int r) {
    Weights weights = weights(outC, k * k * inC / g, IN, OUT);
    same(
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
            Made.tensor("y", OUT, 1, out(h, k, s, d, t, b), out(w, k, s, d, l, r), outC)));
  }

  @ParameterizedTest
  @CsvSource({
    // height, width, inC, multiplier, kernel, stride, dilation, top, left, bottom, right
    "5, 7, 3, 1, 3, 1, 1, 1, 1, 1, 1",
    "8, 8, 5, 2, 3, 2, 1, 0, 1, 1, 0",
    "9, 9, 4, 1, 5, 2, 1, 2, 2, 2, 2",
    "6, 6, 2, 3, 2, 1, 3, 1, 0, 2, 3",
    "8, 6, 16, 1, 3, 2, 1, 1, 1, 1, 1",
  })
  void depthwise(int h, int w, int inC, int m, int k, int s, int d, int t, int l, int b, int r) {
    Weights weights = weights(inC * m, k * k, IN, OUT);
    same(
        Made.graph(
            y ->
                new IntegerOp.DepthwiseConv(
                    0,
                    y,
                    new Window(new Window.Axis(k, s, d, t), new Window.Axis(k, s, d, l)),
                    weights,
                    CLAMP),
            Made.tensor("x", IN, 1, h, w, inC),
            Made.tensor("y", OUT, 1, out(h, k, s, d, t, b), out(w, k, s, d, l, r), inC * m)));
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 2", "1, 37, 10", "3, 64, 5"})
  void fullyConnected(int rows, int inputs, int outputs) {
    Weights weights = weights(outputs, inputs, IN, OUT);
    same(
        Made.graph(
            y -> new IntegerOp.FullyConnected(0, y, weights, CLAMP),
            Made.tensor("x", IN, rows, inputs),
            Made.tensor("y", OUT, rows, outputs)));
    same(
        Made.graph(
            y -> new IntegerOp.FullyConnected(0, y, weights, Clamp.NONE),
            Made.tensor("x", IN, 1, rows, inputs),
            Made.tensor("y", OUT, 1, rows, outputs)));
    same(
        Made.graph(
            y -> new IntegerOp.FullyConnected(0, y, weights, Clamp.NONE),
            Made.tensor("x", IN, rows, 1, 1, inputs),
            Made.tensor("y", OUT, rows, outputs)));
  }

  /// Many sums, some of which lie between two integers: what rounds in another way shows.
  @Test
  void manyRows() {
    for (int outputs : List.of(1, 5)) {
      for (int i = 0; i < 20; i++) {
        Affine in = grid(random);
        Affine out = grid(random);
        Weights weights = weights(outputs, 50, in, out);
        same(
            Made.graph(
                y -> new IntegerOp.FullyConnected(0, y, weights, CLAMP),
                Made.tensor("x", in, 200, 50),
                Made.tensor("y", out, 200, outputs)));
      }
    }
  }

  /// A range that an activation of the runtime leaves, and others.
  @ParameterizedTest
  @CsvSource({"-128, 127", "5, 127", "5, 89", "-9, 19", "5, 60", "-128, 60", "-20, 127"})
  void clamps(int min, int max) {
    Clamp clamp = new Clamp(min, max);
    Weights weights = weights(5, 9, IN, OUT);
    same(
        Made.graph(
            y -> new IntegerOp.FullyConnected(0, y, weights, clamp),
            Made.tensor("x", IN, 1, 9),
            Made.tensor("y", OUT, 1, 5)));
    FixedPoint factor = FixedPoint.of(Multipliers.quotient(IN, OUT));
    same(
        Made.graph(
            y -> new IntegerOp.Rescale(0, y, factor, clamp),
            Made.tensor("x", IN, 1, 256),
            Made.tensor("y", OUT, 1, 256)));
  }

  private static IntegerOp.Sum sum(boolean minus, Affine left, Affine right, Affine out, int y) {
    Multipliers.Sum factors = Multipliers.Sum.of(left, right, out);
    SumRescale rescale =
        new SumRescale(
            FixedPoint.of(factors.left()),
            FixedPoint.of(factors.right()),
            FixedPoint.of(factors.sum()));
    return minus
        ? new IntegerOp.Sub(0, 1, y, rescale, CLAMP)
        : new IntegerOp.Add(0, 1, y, rescale, CLAMP);
  }

  private static Affine grid(Random random) {
    return Made.grid(Math.exp(random.nextGaussian()) * 0.05, random.nextInt(-128, 128));
  }

  @ParameterizedTest
  @CsvSource({"1, 3, 5, 7, 1, 3, 5, 7", "1, 3, 5, 7, 1, 1, 1, 7", "1, 1, 1, 7, 1, 3, 5, 7"})
  void sums(int n, int h, int w, int c, int n2, int h2, int w2, int c2) {
    for (int i = 0; i < 10; i++) {
      boolean minus = i % 2 == 1;
      Affine left = grid(random);
      Affine right = grid(random);
      Affine out = grid(random);
      same(
          Made.graph(
              y -> sum(minus, left, right, out, y),
              Made.tensor("a", left, n, h, w, c),
              Made.tensor("b", right, n2, h2, w2, c2),
              Made.tensor("y", out, 1, 3, 5, 7)));
    }
  }

  @Test
  void sumsWithConstants() {
    IntegerTensor constant =
        new IntegerTensor("k", new Shape(1, 1, 1, 7), OUT, Optional.of(Made.integers(random, 7)));
    same(
        Made.graph(
            y -> sum(false, IN, OUT, OUT, y),
            Made.tensor("a", IN, 1, 3, 5, 7),
            constant,
            Made.tensor("y", OUT, 1, 3, 5, 7)));
  }

  @ParameterizedTest
  @CsvSource({"1, 3, 5, 7, 1, 3, 5, 7", "1, 3, 5, 7, 1, 1, 1, 7", "1, 3, 5, 7, 1, 3, 5, 1"})
  void products(int n, int h, int w, int c, int n2, int h2, int w2, int c2) {
    for (int i = 0; i < 6; i++) {
      Affine left = grid(random);
      Affine right = grid(random);
      Affine out = Made.grid(left.scale() * Math.exp(random.nextGaussian()) * 2, 3);
      FixedPoint factor = FixedPoint.of(Multipliers.product(left, right, out));
      same(
          Made.graph(
              y -> new IntegerOp.Mul(0, 1, y, factor, CLAMP),
              Made.tensor("a", left, n, h, w, c),
              Made.tensor("b", right, n2, h2, w2, c2),
              Made.tensor("y", out, 1, 3, 5, 7)));
    }
  }

  @Test
  void slopes() {
    for (int i = 0; i < 10; i++) {
      Affine in = grid(random);
      Affine slope = Made.grid(0.01 * (1 + random.nextDouble()), random.nextInt(-128, 128));
      Affine out = grid(random);
      FixedPoint positive = FixedPoint.of(Multipliers.quotientInFloats(in, out));
      FixedPoint negative = FixedPoint.of(Multipliers.product(in, slope, out));
      IntegerTensor slopes =
          new IntegerTensor(
              "s", new Shape(1, 1, 1, 7), slope, Optional.of(Made.integers(random, 7)));
      same(
          Made.graph(
              y -> new IntegerOp.PRelu(0, 1, y, positive, negative),
              Made.tensor("x", in, 1, 9, 5, 7),
              slopes,
              Made.tensor("y", out, 1, 9, 5, 7)));
    }
  }

  @Test
  void matrixProducts() {
    for (int i = 0; i < 10; i++) {
      Affine left = grid(random);
      Affine right = grid(random);
      Affine out = Made.grid(left.scale() * right.scale() * 300, random.nextInt(-128, 128));
      FixedPoint rescale = FixedPoint.of(Multipliers.matrixProduct(left, right, out));
      same(
          Made.graph(
              y -> new IntegerOp.MatMul(0, 1, y, rescale),
              Made.tensor("a", left, 3, 20, 33),
              Made.tensor("b", right, 1, 33, 17),
              Made.tensor("y", out, 3, 20, 17)));
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.001, 0.05, 0.13, 1, 7})
  void shares(double scale) {
    Affine in = Made.grid(scale, 3);
    FixedPoint factor = FixedPoint.of(Math.clamp(in.scale() * 0x1p26, 1, 0x1.fffffep29));
    same(
        Made.graph(
            y -> new IntegerOp.Softmax(0, y, factor),
            Made.tensor("x", in, 1, 50, 10),
            Made.tensor("y", Made.grid(1.0 / 256, -128), 1, 50, 10)));
  }

  @Test
  void rescales() {
    for (int i = 0; i < 20; i++) {
      Affine in = grid(random);
      Affine out = grid(random);
      FixedPoint factor = FixedPoint.of(Multipliers.quotient(in, out));
      same(
          Made.graph(
              y -> new IntegerOp.Rescale(0, y, factor, Clamp.NONE),
              Made.tensor("x", in, 1, 1024),
              Made.tensor("y", out, 1, 1024)));
    }
  }

  /// From one width to the other and back.
  @Test
  void rescalesToAnotherWidth() {
    for (int i = 0; i < 20; i++) {
      Affine narrow = grid(random);
      for (double steps : new double[] {1, 1.0 / 256, 0.003 * (1 + random.nextDouble())}) {
        Affine wide = new Affine(QuantizedType.INT16, (float) (narrow.scale() * steps), 0);
        rescaled(narrow, wide);
        rescaled(wide, narrow);
      }
    }
  }

  private void rescaled(Affine in, Affine out) {
    FixedPoint factor = FixedPoint.of(Multipliers.quotient(in, out));
    Clamp all = Clamp.all(out.type());
    for (Clamp clamp : List.of(all, new Clamp(out.zeroPoint(), all.max()))) {
      same(
          Made.graph(
              y -> new IntegerOp.Rescale(0, y, factor, clamp),
              Made.tensor("x", in, 1, 1024),
              Made.tensor("y", out, 1, 1024)));
    }
  }

  @Test
  void tables() {
    byte[] table = new byte[256];
    random.nextBytes(table);
    same(
        Made.graph(
            y -> new IntegerOp.Lookup(0, y, "Tanh", table),
            Made.tensor("x", IN, 1, 7, 5, 33),
            Made.tensor("y", OUT, 1, 7, 5, 33)));
  }

  @ParameterizedTest
  @CsvSource({
    // height, width, kernel height, kernel width, stride, top, left, bottom, right
    "6, 6, 2, 2, 2, 0, 0, 0, 0",
    "7, 5, 3, 3, 2, 1, 1, 1, 1",
    "8, 8, 3, 3, 2, 1, 1, 1, 1",
    "9, 7, 3, 2, 2, 1, 0, 1, 1",
    "9, 9, 5, 5, 1, 2, 2, 2, 2",
    "5, 8, 5, 8, 1, 0, 0, 0, 0",
    "6, 7, 3, 3, 1, 2, 2, 2, 2",
  })
  void pools(int h, int w, int kh, int kw, int s, int t, int l, int b, int r) {
    Window window = new Window(new Window.Axis(kh, s, 1, t), new Window.Axis(kw, s, 1, l));
    IntegerTensor in = Made.tensor("x", IN, 1, h, w, 6);
    IntegerTensor out = Made.tensor("y", IN, 1, out(h, kh, s, 1, t, b), out(w, kw, s, 1, l, r), 6);
    same(Made.graph(y -> new IntegerOp.MaxPool(0, y, window), in, out));
    same(Made.graph(y -> new IntegerOp.AveragePool(0, y, window), in, out));
  }

  @ParameterizedTest
  @CsvSource({"7, 9, 3, 1, 2, 2", "9, 8, 2, 2, 3, 0", "5, 5, 3, 1, 2, 0"})
  void dilatedPools(int h, int w, int k, int s, int d, int pad) {
    Window window = Made.square(k, s, d, pad);
    same(
        Made.graph(
            y -> new IntegerOp.MaxPool(0, y, window),
            Made.tensor("x", IN, 1, h, w, 6),
            Made.tensor("y", IN, 1, out(h, k, s, d, pad, pad), out(w, k, s, d, pad, pad), 6)));
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "3, 5", "7, 7", "8, 8", "14, 9", "31, 33"})
  void means(int h, int w) {
    for (int i = 0; i < 6; i++) {
      Affine in = grid(random);
      Affine out = grid(random);
      FixedPoint quotient = FixedPoint.of(Multipliers.quotient(in, out));
      same(
          Made.graph(
              y -> new IntegerOp.Mean(0, y, MeanRescale.of(quotient, h * w)),
              Made.tensor("x", in, 1, h, w, 9),
              Made.tensor("y", out, 1, 1, 1, 9)));
    }
  }

  @Test
  void positionsOfTheLargest() {
    Affine positions = new Affine(QuantizedType.INT32, 1, 0);
    for (int axis = 1; axis < 4; axis++) {
      long[] dims = {1, 5, 7, 9};
      long extent = dims[axis];
      dims[axis] = 1;
      int along = axis;
      same(
          Made.graph(
              y -> new IntegerOp.ArgMax(0, y, along),
              Made.tensor("x", IN, 1, 5, 7, 9),
              Made.tensor("y", positions, dims)));
      same(
          Made.graph(
              y -> new IntegerOp.ArgMax(0, y, along),
              Made.tensor("x", IN, 1, 5, 7, 9),
              Made.tensor("y", positions, 315 / extent)));
    }
  }

  @Test
  void moves() {
    IntegerTensor in = Made.tensor("x", IN, 1, 4, 3, 5);
    same(
        Made.graph(
            y -> new IntegerOp.Pad(0, y, List.of(0, 1, 0, 2), List.of(0, 0, 1, 1)),
            in,
            Made.tensor("y", IN, 1, 5, 4, 8)));
    same(
        Made.graph(
            y -> new IntegerOp.Transpose(0, y, List.of(0, 2, 3, 1)),
            in,
            Made.tensor("y", IN, 1, 3, 5, 4)));
    slice(in, List.of(0, 1, 0, 0), List.of(1, 2, 2, 1), Made.tensor("y", IN, 1, 2, 2, 5));
    slice(in, List.of(0, 1, 1, 2), List.of(1, 1, 1, 1), Made.tensor("y", IN, 1, 2, 2, 3));
    same(
        Made.graph(
            y -> new IntegerOp.Concat(List.of(0, 1, 0), y, 2),
            in,
            Made.tensor("b", IN, 1, 4, 1, 5),
            Made.tensor("y", IN, 1, 4, 7, 5)));
    same(Made.graph(y -> new IntegerOp.Reshape(0, y), in, Made.tensor("y", OUT, 1, 60)));
  }

  private void slice(
      IntegerTensor in, List<Integer> begin, List<Integer> stride, IntegerTensor out) {
    same(Made.graph(y -> new IntegerOp.Slice(0, y, begin, stride), in, out));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0 0 1 1 2 2 3 3", "0 1 1 2 3", "3 0 1", "0 1 1 2 2 3"})
  void resizes(String rows) {
    List<Integer> from = java.util.Arrays.stream(rows.split(" ")).map(Integer::valueOf).toList();
    same(
        Made.graph(
            y -> new IntegerOp.ResizeNearest(0, y, from, List.of(0, 0, 1, 1, 2, 2)),
            Made.tensor("x", IN, 1, 4, 3, 5),
            Made.tensor("y", IN, 1, from.size(), 6, 5)));
  }
}
