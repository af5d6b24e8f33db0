package dev.halftone.plan.rounding;

import dev.halftone.engine.Parallel;
import dev.halftone.scheme.PerChannel;
import dev.halftone.scheme.QuantizedType;
import dev.halftone.scheme.QuantizedWeight;
import dev.halftone.scheme.Scales;
import dev.halftone.tensor.Tensor;
import java.util.Arrays;

/// Chooses the integers of a layer so that its output, computed from the inputs that the quantized network has, comes as near as can be
/// to what the float network computes from its own.
///
/// First the real weights that would do so (a ridge regression that holds on to the given weights where the inputs say little), then a
/// grid for each row, then the integers ([NearestPlane], [CoordinateDescent]). A constant difference is left to the bias, so moments are
/// taken about the mean.
final class LeastSquares {

  /// Share of the mean variance that holds the wanted weights to the given ones: regression on few samples fits noise.
  private static final double RIDGE = 0.1;

  private static final double RIDGE_FOR_FEW = 12;

  /// The least scale that is tried, over the one at which nothing is clipped: clipping pays where steps are coarse.
  static final double MUCH_CLIPPED = 0.35;

  private static final double LITTLE_CLIPPED = 0.75;

  /// From one such share to the next.
  static final double STEP = 0.05;

  private static final int FEW_BITS = 6;

  /// The largest scale that is tried where a layer has a codebook, over the one that was fitted to the row without regard to other rows.
  private static final double CODEBOOK_TOP = 1.35;

  private static final int REFITS = 2;
  private static final int CHUNK = 8;

  /// What the integers of a layer and their scales may be.
  ///
  /// @param type the integers, where they are evenly spaced
  /// @param shared whether the layer may have a [Codebook]
  /// @param scales which numbers scales may be
  /// @param least how small the scales may be
  record Choice(QuantizedType type, boolean shared, Scales scales, LeastScales least) {}

  private final InputRows rows;
  private final float[] weights;
  private final Choice choice;
  private final Curvature[] curvatures;
  private final double[][] wanted; // [outputs][inputs] in the curvature's order within each block
  private final float[] scales;
  private final byte[] integers;
  private final double[] tops; // [outputs] the largest scale that is tried
  private Levels levels;
  private QuantizedType grid;

  private LeastSquares(InputRows rows, float[] weights, Choice choice) {
    this.rows = rows;
    this.weights = weights;
    this.choice = choice;
    this.levels = new Levels.Even(choice.type);
    this.grid = choice.type;
    this.tops = new double[rows.outputs()];
    this.curvatures = new Curvature[rows.groups() * rows.blocks()];
    this.wanted = new double[rows.outputs()][rows.inputs()];
    this.scales = new float[rows.outputs()];
    this.integers = new byte[weights.length];
  }

  /// @param axis of the output channels
  static QuantizedWeight quantize(
      Tensor weight, int axis, InputRows rows, SecondMoments moments, Choice choice, int threads) {
    LeastSquares solver = new LeastSquares(rows, weight.toFloats(), choice);
    Parallel.forEach(solver.curvatures.length, threads, block -> solver.aim(moments, block));
    solver.coverAll();
    if (choice.shared) {
      solver.takeCodebook();
    }
    Parallel.forEach(
        Math.ceilDiv(rows.outputs(), CHUNK),
        threads,
        chunk -> {
          int end = Math.min(rows.outputs(), (chunk + 1) * CHUNK);
          for (int output = chunk * CHUNK; output < end; output++) {
            solver.roundToFit(output);
          }
        });
    return new QuantizedWeight(
        weight.shape(), new PerChannel(solver.grid, axis, solver.scales), solver.integers);
  }

  /// The largest scales that are tried clip nothing.
  private void coverAll() {
    for (int output = 0; output < tops.length; output++) {
      double largest = 0;
      for (double weight : wanted[output]) {
        largest = Math.max(largest, Math.abs(weight));
      }
      tops[output] = largest / choice.type.high();
    }
  }

  private void takeCodebook() {
    double[][] importance = new double[rows.outputs()][];
    for (int output = 0; output < importance.length; output++) {
      importance[output] = importance(output);
    }
    Codebook.better(wanted, importance, choice.type, tops)
        .ifPresent(fit -> {
          levels = fit.codebook();
          grid = QuantizedType.CODEBOOK;
          for (int output = 0; output < tops.length; output++) {
            tops[output] = CODEBOOK_TOP * fit.scales()[output];
          }
        });
  }

  /// [inputs] the variances of the inputs of a row, in the curvature's order.
  private double[] importance(int output) {
    int n = rows.size();
    double[] importance = new double[rows.inputs()];
    for (int i = 0; i < importance.length; i++) {
      Curvature curvature = curvatures[output / rows.rows() * rows.blocks() + i / n];
      importance[i] = curvature.matrix()[i % n * (n + 1)];
    }
    return importance;
  }

  /// The real weights to aim at, for all rows that read a block of inputs.
  private void aim(SecondMoments moments, int block) {
    int n = rows.size();
    double[] covariance = moments.covariance(block);
    Curvature curvature = Curvature.of(covariance, n);
    curvatures[block] = curvature;
    double[] difference = moments.crossCovariance(block);
    for (int i = 0; i < difference.length; i++) {
      difference[i] -= covariance[i];
    }
    double share = RIDGE * (1 + RIDGE_FOR_FEW * n / moments.observations());
    Cholesky ridge = Curvature.Ridge.of(covariance, n, share).factor();
    int group = block / rows.blocks();
    int from = block % rows.blocks() * n;
    for (int row = 0; row < rows.rows(); row++) {
      int output = group * rows.rows() + row;
      double[] change = new double[n];
      for (int i = 0; i < n; i++) {
        double weight = weights[rows.index(output, from + i)];
        for (int j = 0; j < n; j++) {
          change[j] += weight * difference[i * n + j];
        }
      }
      ridge.solve(change);
      for (int i = 0; i < n; i++) {
        int input = curvature.order()[i];
        wanted[output][from + i] = weights[rows.index(output, from + input)] + change[input];
      }
    }
  }

  private void roundToFit(int output) {
    round(output, choice.least.scales()[output]);
    double excess = excess(output);
    while (excess > 1) {
      round(output, (float) (scales[output] * excess));
      excess = excess(output);
    }
  }

  private double excess(int output) {
    return choice.least.excess(input -> integers[rows.index(output, input)]);
  }

  private void round(int output, float leastScale) {
    int group = output / rows.rows();
    double top = Math.max(leastScale, tops[output]);
    int[] best = new int[rows.inputs()];
    int[] tried = new int[rows.inputs()];
    double least = Double.POSITIVE_INFINITY;
    double chosen = top;
    double before = Double.NaN;
    double lowest = choice.type.bits() > FEW_BITS ? LITTLE_CLIPPED : MUCH_CLIPPED;
    for (double share = 1; share > lowest; share -= STEP) {
      double scale = choice.scales.up((float) Math.max(leastScale, top * share));
      if (scale == before) {
        continue; // where few scales are allowed, or none smaller
      }
      before = scale;
      double error = error(output, group, scale, tried);
      if (error < least) {
        least = error;
        chosen = scale;
        System.arraycopy(tried, 0, best, 0, best.length);
      }
    }
    for (int turn = 0; turn < (choice.scales == Scales.ANY ? REFITS : 0); turn++) {
      improve(output, group, chosen, best);
      chosen = Math.max(leastScale, (float) bestScale(output, group, best, chosen));
    }
    improve(output, group, chosen, best);
    scales[output] = (float) chosen;
    for (int i = 0; i < best.length; i++) {
      int block = i / rows.size();
      int from = block * rows.size();
      int input = from + curvatures[group * rows.blocks() + block].order()[i - from];
      integers[rows.index(output, input)] = (byte) best[i];
    }
  }

  private void improve(int output, int group, double scale, int[] chosen) {
    for (int block = 0; block < rows.blocks(); block++) {
      int from = block * rows.size();
      double[] aim = Arrays.copyOfRange(wanted[output], from, from + rows.size());
      int[] part = Arrays.copyOfRange(chosen, from, from + rows.size());
      CoordinateDescent.improve(
          curvatures[group * rows.blocks() + block], aim, scale, levels, part);
      System.arraycopy(part, 0, chosen, from, part.length);
    }
  }

  /// The scale under which these integers come nearest: where the derivative of the error by the scale is zero.
  private double bestScale(int output, int group, int[] chosen, double otherwise) {
    double along = 0;
    double square = 0;
    int n = rows.size();
    for (int block = 0; block < rows.blocks(); block++) {
      double[] matrix = curvatures[group * rows.blocks() + block].matrix();
      int from = block * n;
      for (int i = 0; i < n; i++) {
        if (chosen[from + i] != 0) {
          double product = 0;
          double power = 0;
          for (int j = 0; j < n; j++) {
            product += matrix[i * n + j] * wanted[output][from + j];
            power += matrix[i * n + j] * chosen[from + j];
          }
          along += chosen[from + i] * product;
          square += chosen[from + i] * power;
        }
      }
    }
    return along > 0 && square > 0 ? along / square : otherwise;
  }

  private double error(int output, int group, double scale, int[] integers) {
    int n = rows.size();
    double error = 0;
    double[] aim = new double[n];
    int[] part = new int[n];
    for (int block = 0; block < rows.blocks(); block++) {
      System.arraycopy(wanted[output], block * n, aim, 0, n);
      error +=
          NearestPlane.round(curvatures[group * rows.blocks() + block], aim, scale, levels, part);
      System.arraycopy(part, 0, integers, block * n, n);
    }
    return error;
  }
}
