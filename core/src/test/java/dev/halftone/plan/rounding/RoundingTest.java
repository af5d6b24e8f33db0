package dev.halftone.plan.rounding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.halftone.scheme.Codebook;
import dev.halftone.scheme.Granularity;
import dev.halftone.scheme.Levels;
import dev.halftone.scheme.Multiples;
import dev.halftone.scheme.QuantizedType;
import dev.halftone.scheme.QuantizedWeight;
import dev.halftone.scheme.Scales;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The solvers on inputs that depend on each other, where rounding each weight by itself is far from the best.
class RoundingTest {

  private static final QuantizedType FOUR_BITS = QuantizedType.weight(4);

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 9, 64, 131, 330})
  void choleskyFactorsAndSolves(int n) {
    double[] matrix = covariance(n, 3 * n, 0.7, n);
    double[] diagonal = new double[n];
    for (int i = 0; i < n; i++) {
      matrix[i * n + i] += 0.01;
      diagonal[i] = matrix[i * n + i];
    }
    Cholesky factor = Cholesky.of(square(matrix), diagonal, 1).orElseThrow();
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        double product = 0;
        for (int k = 0; k <= j; k++) {
          product += factor.lower()[i][k] * factor.lower()[j][k];
        }
        assertThat(product).isCloseTo(matrix[j * n + i], within(1e-9));
        assertThat(factor.upper()[j][i]).isEqualTo(factor.lower()[i][j]);
      }
    }
    double[] x = new Random(n).doubles(n).toArray();
    double[] b = times(matrix, x);
    factor.solve(b);
    assertThat(b).containsExactly(x, within(1e-6));
  }

  @Test
  void choleskyRefusesWhatIsNotPositive() {
    double[][] indefinite = {{1, 2}, {2, 1}};
    assertThat(Cholesky.of(indefinite, new double[] {1, 1}, 1)).isEmpty();
    assertThat(Curvature.of(indefinite, 1).matrix()[0][0]).isGreaterThan(2);
  }

  @Test
  void nearestPlaneReportsItsErrorAndBeatsNearest() {
    int n = 48;
    double ofPlanes = 0;
    double ofNearest = 0;
    for (long seed = 1; seed <= 20; seed++) {
      Curvature curvature = Curvature.of(square(covariance(n, 200, 0.9, seed)), 1);
      double[] wanted = gaussians(n, seed);
      double scale = Arrays.stream(wanted).map(Math::abs).max().orElseThrow() / FOUR_BITS.high();
      int[] planes = new int[n];
      double error =
          NearestPlane.round(
              curvature,
              wanted,
              filled(n, 1),
              new double[] {scale / 2, scale},
              new Levels.Even(FOUR_BITS),
              new int[][] {new int[n], planes})[1];
      assertThat(error).isCloseTo(error(curvature, wanted, planes, scale), within(1e-9));
      int[] nearest = new int[n];
      for (int i = 0; i < n; i++) {
        nearest[i] = FOUR_BITS.clamp(Math.round(wanted[i] / scale));
      }
      ofPlanes += error;
      ofNearest += error(curvature, wanted, nearest, scale);
    }
    assertThat(ofPlanes).isLessThan(0.5 * ofNearest);
  }

  @Test
  void coordinateDescentStopsWhereNoSingleChangeIsBetter() {
    int n = 12;
    Curvature curvature = Curvature.of(square(covariance(n, 200, 0.8, 4)), 1);
    double[] wanted = gaussians(n, 4);
    double scale = 3.0 / FOUR_BITS.high();
    int[] integers = new int[n];
    double before = error(curvature, wanted, integers, scale);
    for (int again = 0; again < 20; again++) {
      CoordinateDescent.improve(
          curvature, wanted, filled(n, scale), new Levels.Even(FOUR_BITS), integers);
    }
    double reached = error(curvature, wanted, integers, scale);
    assertThat(reached).isLessThan(0.2 * before);
    for (int i = 0; i < n; i++) {
      assertThat(integers[i]).isBetween(FOUR_BITS.low(), FOUR_BITS.high());
      for (int step : new int[] {-1, 1}) {
        int[] other = integers.clone();
        other[i] = FOUR_BITS.clamp(other[i] + step);
        assertThat(error(curvature, wanted, other, scale)).isGreaterThanOrEqualTo(reached - 1e-9);
      }
    }
  }

  @Test
  void inputsThatNeverVaryDoNotDisturbTheOthers() {
    int n = 6;
    double[] covariance = covariance(n, 100, 0.5, 1);
    for (int i = 0; i < n; i++) {
      covariance[i * n + 2] = 0;
      covariance[2 * n + i] = 0;
    }
    Curvature curvature = Curvature.of(square(covariance), 1);
    assertThat(curvature.order()[0]).isEqualTo(2);
    assertThat(curvature.matrix()[0][0]).isPositive();
    assertThat(Curvature.of(new double[n][n], 1).matrix()[0][0]).isPositive();
  }

  /// The inputs of the quantized network are the float network's times 0.8: weights 1.25 times as large make up for it.
  @Test
  void leastSquaresAimsAtTheOutputsOfTheFloatNetwork() {
    int n = 16;
    int outputs = 8;
    double[] real = covariance(n, 500, 0.8, 7);
    double[] quantized = scaled(real, 0.64);
    double[] cross = scaled(real, 0.8);
    Sums moments = new Sums(n, quantized, cross);
    Tensor weight = Tensor.of(new Shape(outputs, n), floats(gaussians(outputs * n, 3)));
    QuantizedType type = QuantizedType.weight(8);
    QuantizedWeight solved = solve(weight, moments, type, false, 1);
    QuantizedWeight nearest = Nearest.quantize(weight, 0, type, new float[outputs]);
    assertThat(mismatch(weight, solved, real, quantized, cross))
        .isLessThan(0.3 * mismatch(weight, nearest, real, quantized, cross));
  }

  @Test
  void leastSquaresBeatsNearestAtFewBitsAndNotByThreads() {
    int n = 96;
    int outputs = 12;
    double[] real = covariance(n, 300, 0.9, 11);
    Sums moments = new Sums(n, real, real);
    Tensor weight = Tensor.of(new Shape(outputs, n), floats(gaussians(outputs * n, 5)));
    for (int bits : new int[] {2, 3, 4, 6}) {
      QuantizedType type = QuantizedType.weight(bits);
      QuantizedWeight solved = solve(weight, moments, type, false, 1);
      QuantizedWeight again = solve(weight, moments, type, false, 3);
      assertThat(again.values()).isEqualTo(solved.values());
      assertThat(again.grid()).isEqualTo(solved.grid());
      QuantizedWeight nearest = Nearest.quantize(weight, 0, type, new float[outputs]);
      assertThat(mismatch(weight, solved, real, real, real))
          .as(bits + " bits")
          .isLessThan(0.5 * mismatch(weight, nearest, real, real, real));
    }
  }

  /// Many small weights and few large ones: where even steps reach the large ones, the small ones share three or four of them.
  @Test
  void codebooksBeatEvenStepsWhereWeightsAreOfManySizes() {
    int n = 64;
    int outputs = 16;
    double[] real = covariance(n, 300, 0.9, 12);
    Sums moments = new Sums(n, real, real);
    double[] cubes = Arrays.stream(gaussians(outputs * n, 6)).map(x -> x * Math.abs(x)).toArray();
    Tensor weight = Tensor.of(new Shape(outputs, n), floats(cubes));
    for (int bits : new int[] {3, 4}) {
      QuantizedType type = QuantizedType.weight(bits);
      QuantizedWeight even = solve(weight, moments, type, false, 1);
      QuantizedWeight shared = solve(weight, moments, type, true, 1);
      QuantizedWeight again = solve(weight, moments, type, true, 3);
      assertThat(again.values()).isEqualTo(shared.values());
      assertThat(shared.grid().levels()).isInstanceOf(Codebook.class);
      assertThat(mismatch(weight, shared, real, real, real))
          .as(bits + " bits")
          .isLessThan(0.7 * mismatch(weight, even, real, real, real));
    }
    QuantizedType five = QuantizedType.weight(5);
    assertThat(solve(weight, moments, five, true, 1).grid().type())
        .as("entries for small weights would coincide")
        .isEqualTo(five);
  }

  @Test
  void codebooksTakeTheNearestEntry() {
    Codebook codebook = new Codebook(new int[] {-60, -7, 0, 3, 64});
    Random random = new Random(8);
    for (int again = 0; again < 1000; again++) {
      double steps = 100 * random.nextGaussian();
      int nearest = codebook.nearest(steps);
      for (int entry : codebook.entries()) {
        assertThat(Math.abs(nearest - steps)).isLessThanOrEqualTo(Math.abs(entry - steps));
      }
    }
    assertThat(codebook.nearest(3)).isEqualTo(3);
  }

  /// The same weights laid out as MatMul has them, [inputs][outputs], and cut into blocks that do not depend on each other.
  @Test
  void layoutAndBlocksDoNotMatter() {
    int n = 24;
    int outputs = 5;
    double[] block = covariance(n / 2, 100, 0.8, 2);
    double[] whole = new double[n * n];
    for (int i = 0; i < n / 2; i++) {
      for (int j = 0; j < n / 2; j++) {
        whole[i * n + j] = block[i * n / 2 + j];
        whole[(i + n / 2) * n + j + n / 2] = block[i * n / 2 + j];
      }
    }
    double[] halves = Arrays.copyOf(block, 2 * block.length);
    System.arraycopy(block, 0, halves, block.length, block.length);
    float[] values = floats(gaussians(outputs * n, 9));
    float[] turned = new float[values.length];
    for (int o = 0; o < outputs; o++) {
      for (int i = 0; i < n; i++) {
        turned[i * outputs + o] = values[o * n + i];
      }
    }
    QuantizedWeight one =
        LeastSquares.quantize(
            Tensor.of(new Shape(outputs, n), values),
            Granularity.perChannel(0),
            new InputRows(1, outputs, n, 1, true),
            new Sums(n, whole, whole)::of,
            new LeastSquares.Choice(FOUR_BITS, false, Optional.empty(), Scales.ANY, none(outputs)),
            LeastSquares.Means.of(1));
    QuantizedWeight two =
        LeastSquares.quantize(
            Tensor.of(new Shape(n, outputs), turned),
            Granularity.perChannel(1),
            new InputRows(1, outputs, n, 2, false),
            new Sums(n / 2, halves, halves)::of,
            new LeastSquares.Choice(FOUR_BITS, false, Optional.empty(), Scales.ANY, none(outputs)),
            LeastSquares.Means.of(1));
    assertThat(two.grid().scales()).containsExactly(one.grid().scales(), within(1e-4f));
    for (int o = 0; o < outputs; o++) {
      for (int i = 0; i < n; i++) {
        assertThat(two.values()[i * outputs + o]).isEqualTo(one.values()[o * n + i]);
      }
    }
  }

  private static double[] filled(int count, double value) {
    double[] values = new double[count];
    Arrays.fill(values, value);
    return values;
  }

  /// Weights of unlike size along each row: what one scale a row cannot serve.
  @ParameterizedTest
  @CsvSource({"2, true", "4, true", "4, false", "8, false"})
  void scalesOfGroupsAreSolvedForToo(int bits, boolean rowsFirst) {
    int n = 96;
    int outputs = 12;
    int size = 32;
    QuantizedType type = QuantizedType.weight(bits);
    Sums moments = new Sums(n, covariance(n, 300, 0.9, 3), covariance(n, 300, 0.9, 3));
    float[] values = floats(gaussians(outputs * n, 5));
    float[] stored = new float[values.length];
    for (int o = 0; o < outputs; o++) {
      for (int i = 0; i < n; i++) {
        values[o * n + i] *= (float) Math.pow(8, i / size - 1);
        stored[rowsFirst ? o * n + i : i * outputs + o] = values[o * n + i];
      }
    }
    Tensor weight = Tensor.of(rowsFirst ? new Shape(outputs, n) : new Shape(n, outputs), stored);
    Granularity groups = new Granularity.PerGroup(rowsFirst ? 1 : 0, size);
    QuantizedWeight solved =
        LeastSquares.quantize(
            weight,
            groups,
            new InputRows(1, outputs, n, 1, rowsFirst),
            moments::of,
            new LeastSquares.Choice(type, false, Optional.empty(), Scales.ANY, none(outputs)),
            LeastSquares.Means.of(1));
    assertThat(solved.grid().granularity()).isEqualTo(groups);
    assertThat(solved.grid().scales()).hasSize(outputs * n / size);
    for (byte value : solved.values()) {
      assertThat((int) value).isBetween(type.low(), type.high());
    }
    double error = lost(weight, solved, moments, rowsFirst);
    assertThat(error)
        .isLessThan(0.8 * lost(weight, Nearest.quantize(weight, groups, type), moments, rowsFirst));
    Granularity channels = Granularity.perChannel(rowsFirst ? 0 : 1);
    assertThat(error)
        .isLessThan(
            0.8 * lost(weight, Nearest.quantize(weight, channels, type), moments, rowsFirst));
  }

  /// Weights of unlike size along each row, a multiplier of the row's scale for each part.
  @ParameterizedTest
  @CsvSource({"4, true", "4, false", "5, false"})
  void multipliersOfGroupsAreSolvedForToo(int bits, boolean rowsFirst) {
    int n = 96;
    int outputs = 12;
    Multiples levels = new Multiples(QuantizedType.weight(bits), 32);
    Sums moments = new Sums(n, covariance(n, 300, 0.9, 3), covariance(n, 300, 0.9, 3));
    float[] values = floats(gaussians(outputs * n, 5));
    float[] stored = new float[values.length];
    for (int o = 0; o < outputs; o++) {
      for (int i = 0; i < n; i++) {
        values[o * n + i] *= (float) Math.pow(2, i / 32 - 1);
        stored[rowsFirst ? o * n + i : i * outputs + o] = values[o * n + i];
      }
    }
    Tensor weight = Tensor.of(rowsFirst ? new Shape(outputs, n) : new Shape(n, outputs), stored);
    int axis = rowsFirst ? 0 : 1;
    QuantizedWeight solved =
        LeastSquares.quantize(
            weight,
            Granularity.perChannel(axis),
            new InputRows(1, outputs, n, 1, rowsFirst),
            moments::of,
            new LeastSquares.Choice(
                levels.steps(), false, Optional.of(levels), Scales.ANY, none(outputs)),
            LeastSquares.Means.of(1));
    assertThat(solved.grid().scales()).hasSize(outputs);
    assertThat(levels.parts(solved.values(), solved.shape(), solved.grid().axis()).integers())
        .hasSize(values.length); // they are multiples
    QuantizedWeight nearest =
        MultipleScales.nearest(weight, axis, levels, Multiples.most(levels.steps(), 0));
    double error = lost(weight, solved, moments, rowsFirst);
    assertThat(error).isLessThan(0.8 * lost(weight, nearest, moments, rowsFirst));
    QuantizedWeight channels =
        Nearest.quantize(weight, Granularity.perChannel(axis), levels.steps());
    assertThat(lost(weight, nearest, moments, rowsFirst))
        .isLessThan(0.8 * lost(weight, channels, moments, rowsFirst));
  }

  /// What the outputs miss, squared, over all rows.
  private static double lost(
      Tensor weight, QuantizedWeight rounded, Sums moments, boolean rowsFirst) {
    float[] real = weight.toFloats();
    float[] now = rounded.dequantized().toFloats();
    int n = moments.size();
    int outputs = real.length / n;
    double lost = 0;
    for (int o = 0; o < outputs; o++) {
      double[] missed = new double[n];
      for (int i = 0; i < n; i++) {
        int at = rowsFirst ? o * n + i : i * outputs + o;
        missed[i] = real[at] - now[at];
      }
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
          lost += missed[i] * missed[j] * moments.quantized()[i * n + j];
        }
      }
    }
    return lost;
  }

  /// All at once and in memory; a block at a time, and in files; two at a time, one of them in a file.
  @ParameterizedTest
  @CsvSource({"1, true", "1, false", "3, true", "3, false"})
  void roomAndThreadsDoNotMatter(int groups, boolean shared) {
    int n = 70; // more than a panel
    int blocks = 4;
    int outputs = 12;
    double[] covariances = new double[groups * blocks * n * n];
    for (int block = 0; block < groups * blocks; block++) {
      double[] one = covariance(n, 200, 0.8, block);
      System.arraycopy(one, 0, covariances, block * n * n, n * n);
    }
    Tensor weight =
        Tensor.of(new Shape(outputs, n * blocks), floats(gaussians(outputs * n * blocks, 21)));
    InputRows rows = new InputRows(groups, outputs / groups, n * blocks, blocks, true);
    long block = 32L * n * n;
    long kept = 8L * (n * n + n * (n + 1) / 2);
    List<InputRows.Blocks> measured = new ArrayList<>();
    List<QuantizedWeight> solved =
        Stream.of(
                new LeastSquares.Means(1, Long.MAX_VALUE, Long.MAX_VALUE),
                new LeastSquares.Means(3, 0, 0),
                new LeastSquares.Means(3, 2 * block, kept))
            .map(means ->
                LeastSquares.quantize(
                    weight,
                    Granularity.perChannel(0),
                    rows,
                    wanted -> {
                      measured.add(wanted);
                      return new Sums(n, covariances, covariances).of(wanted);
                    },
                    new LeastSquares.Choice(
                        FOUR_BITS, shared, Optional.empty(), Scales.ANY, none(outputs)),
                    means))
            .toList();
    assertThat(measured).hasSize(1 + groups * blocks + groups * blocks / 2);
    for (QuantizedWeight other : solved) {
      assertThat(other.values()).isEqualTo(solved.getFirst().values());
      assertThat(other.grid()).isEqualTo(solved.getFirst().grid());
    }
  }

  /// @param weight [outputs][inputs]
  private static QuantizedWeight solve(
      Tensor weight, Sums moments, QuantizedType type, boolean shared, int threads) {
    int outputs = (int) weight.shape().dim(0);
    InputRows rows = new InputRows(1, outputs, (int) weight.shape().dim(1), 1, true);
    return LeastSquares.quantize(
        weight,
        Granularity.perChannel(0),
        rows,
        moments::of,
        new LeastSquares.Choice(type, shared, Optional.empty(), Scales.ANY, none(outputs)),
        LeastSquares.Means.of(threads));
  }

  /// Covariances of blocks as if they were of very many samples: no regularization for want of data.
  ///
  /// @param quantized [blocks][size][size], and cross alike
  private record Sums(int size, double[] quantized, double[] cross) {

    private static final int COUNT = 1_000_000;

    SecondMoments of(InputRows.Blocks blocks) {
      int inputs = quantized.length / size;
      return new SecondMoments(
          blocks,
          size,
          new SecondMoments.Seen(COUNT, COUNT),
          part(quantized, blocks),
          part(cross, blocks),
          SecondMoments.InputSums.zero(inputs));
    }

    private double[][][] part(double[] all, InputRows.Blocks blocks) {
      double[][][] part = new double[blocks.count()][][];
      for (int block = 0; block < part.length; block++) {
        int from = (blocks.first() + block) * size * size;
        part[block] = square(scaled(Arrays.copyOfRange(all, from, from + size * size), COUNT));
      }
      return part;
    }
  }

  /// [n][n] of [n * n]
  private static double[][] square(double[] matrix) {
    int n = (int) Math.sqrt(matrix.length);
    double[][] square = new double[n][];
    Arrays.setAll(square, i -> Arrays.copyOfRange(matrix, i * n, (i + 1) * n));
    return square;
  }

  /// E[(w r - v q)^2] summed over the outputs.
  private static double mismatch(
      Tensor weight, QuantizedWeight solved, double[] real, double[] quantized, double[] cross) {
    int outputs = (int) weight.shape().dim(0);
    int n = (int) weight.shape().dim(1);
    float[] w = weight.toFloats();
    float[] v = solved.dequantized().toFloats();
    double sum = 0;
    for (int o = 0; o < outputs; o++) {
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
          double wi = w[o * n + i];
          double vi = v[o * n + i];
          sum += wi * real[i * n + j] * w[o * n + j];
          sum -= 2 * wi * cross[i * n + j] * v[o * n + j];
          sum += vi * quantized[i * n + j] * v[o * n + j];
        }
      }
    }
    return sum;
  }

  private static double error(Curvature curvature, double[] wanted, int[] integers, double scale) {
    double[] deviation = new double[wanted.length];
    for (int i = 0; i < wanted.length; i++) {
      deviation[i] = wanted[i] - integers[i] * scale;
    }
    double[] pull =
        times(
            Arrays.stream(curvature.matrix()).flatMapToDouble(Arrays::stream).toArray(), deviation);
    double error = 0;
    for (int i = 0; i < wanted.length; i++) {
      error += deviation[i] * pull[i];
    }
    return error;
  }

  private static double[] times(double[] matrix, double[] x) {
    int n = x.length;
    double[] b = new double[n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        b[i] += matrix[Math.min(i, j) * n + Math.max(i, j)] * x[j];
      }
    }
    return b;
  }

  /// Of inputs that share a common part.
  private static double[] covariance(int n, int samples, double shared, long seed) {
    Random random = new Random(seed);
    double[] covariance = new double[n * n];
    for (int s = 0; s < samples; s++) {
      double common = random.nextGaussian();
      double[] x = new double[n];
      for (int i = 0; i < n; i++) {
        x[i] = shared * common + (1 - shared) * random.nextGaussian();
      }
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
          covariance[i * n + j] += x[i] * x[j] / samples;
        }
      }
    }
    return covariance;
  }

  private static double[] gaussians(int n, long seed) {
    Random random = new Random(seed);
    double[] values = new double[n];
    for (int i = 0; i < n; i++) {
      values[i] = random.nextGaussian();
    }
    return values;
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  private static double[] scaled(double[] values, double factor) {
    return Arrays.stream(values).map(value -> value * factor).toArray();
  }

  @Test
  void aPowerOfTwoClipsWhereThatErrsLess() {
    // 1.02 over 127 is a little more than 2^-7: halving the power above clips one weight a little,
    // or a large one too much
    float[] values = {1.02f, 0.011f, 0.013f, 0.027f, 1.9f, 0.011f, 0.013f, 0.027f};
    QuantizedWeight rounded =
        Nearest.quantize(
            Tensor.of(new Shape(2, 4), values),
            Granularity.perChannel(0),
            QuantizedType.weight(8),
            new float[2],
            Scales.POWERS_OF_TWO);
    assertThat(rounded.grid().scales()).containsExactly(0x1p-6f, 0x1p-6f);
    values[0] = 0.995f;
    rounded =
        Nearest.quantize(
            Tensor.of(new Shape(2, 4), values),
            Granularity.perChannel(0),
            QuantizedType.weight(8),
            new float[2],
            Scales.POWERS_OF_TWO);
    assertThat(rounded.grid().scales()).containsExactly(0x1p-7f, 0x1p-6f);
    assertThat(rounded.values()[0]).isEqualTo((byte) 127);
  }

  private static LeastScales none(int outputs) {
    return new LeastScales(new float[outputs], Optional.empty(), 0);
  }

  /// Two layers whose inputs differ in their means alone: about these, the sums say of both what they say of one.
  @Test
  void sumsOfLayersThatShareWeightsAddUpAboutTheMeansOfEach() {
    int n = 3;
    Random random = new Random(5);
    InputRows rows = new InputRows(1, 1, n, 1, true);
    InputRows.Blocks whole = new InputRows.Blocks(0, 1);
    SecondMoments one = SecondMoments.zero(rows, whole);
    SecondMoments same = SecondMoments.zero(rows, whole);
    SecondMoments shifted = SecondMoments.zero(rows, whole);
    for (int sample = 0; sample < 40; sample++) {
      float[] inputs = {
        (float) random.nextGaussian(), (float) random.nextGaussian(), (float) random.nextGaussian()
      };
      one = plus(one, inputs, 0);
      same = plus(same, inputs, 0);
      shifted = plus(shifted, inputs, 8);
    }
    double[][] alone = one.intoCovariance(0);
    SecondMoments both = same.aboutMeans().plus(shifted.aboutMeans());
    assertThat(both.seen().places()).isEqualTo(80);
    assertThat(both.seen().samples()).isEqualTo(40);
    double trust = one.seen().observations() / (one.seen().observations() + 0.25 * n);
    double[][] square = both.intoCovariance(0);
    double[][] cross = both.intoCrossCovariance(0);
    double more = both.seen().observations() / (both.seen().observations() + 0.25 * n);
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        double expected = alone[i][j] * (i == j ? 1 : more / trust);
        assertThat(square[i][j]).isCloseTo(expected, within(1e-4));
        assertThat(cross[i][j]).isCloseTo(expected, within(1e-4));
      }
    }
  }

  private static SecondMoments plus(SecondMoments sum, float[] inputs, float shift) {
    int n = inputs.length;
    float[] moved = new float[n];
    float[] products = new float[n * n];
    for (int i = 0; i < n; i++) {
      moved[i] = inputs[i] + shift;
    }
    for (int i = 0; i < n * n; i++) {
      products[i] = moved[i / n] * moved[i % n];
    }
    Tensor squares = Tensor.of(new Shape(n, n), products);
    return sum.plus(1, squares, squares, Tensor.vector(moved), Tensor.vector(moved));
  }
}
