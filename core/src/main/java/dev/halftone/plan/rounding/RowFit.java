package dev.halftone.plan.rounding;

import dev.halftone.scheme.Levels;
import java.util.Arrays;

/// The search for the scale and the integers of one row. Each step goes through the blocks of the row in order, so that no more than one
/// block need be at hand.
final class RowFit {

  /// What the rows of a layer have in common.
  ///
  /// @param wanted [outputs][inputs] in the curvature's order within each block
  /// @param steps [outputs][inputs] in that order: the scale of each weight, but for a factor of the row
  /// @param integers receives the integers, in the order of the weights
  record Rows(
      InputRows inputs, Levels levels, double[][] wanted, double[][] steps, byte[] integers) {}

  private final Rows rows;
  private final int output;
  private final float leastScale;
  private final double[] tried;
  private final double[] errors;
  private double scale;
  private double along;
  private double square;

  /// @param leastScale no scale becomes smaller
  /// @param tried scales to begin with
  RowFit(Rows rows, int output, float leastScale, double[] tried) {
    this.rows = rows;
    this.output = output;
    this.leastScale = leastScale;
    this.tried = tried;
    this.errors = new double[tried.length];
    this.scale = tried[0];
  }

  int output() {
    return output;
  }

  /// The scale of the row, or the factor of its steps.
  double scale() {
    return scale;
  }

  /// Adds up what each scale costs.
  void tryScales(Curvature curvature, int block) {
    int[][] rounded = new int[tried.length][curvature.size()];
    double[] more =
        NearestPlane.round(curvature, aim(block), steps(block), tried, rows.levels, rounded);
    for (int s = 0; s < errors.length; s++) {
      errors[s] += more[s];
    }
  }

  /// Settles for the scale that costs least, the first of equals.
  void chooseScale() {
    double least = Double.POSITIVE_INFINITY;
    for (int s = 0; s < errors.length; s++) {
      if (errors[s] < least) {
        least = errors[s];
        scale = tried[s];
      }
    }
  }

  void round(Curvature curvature, int block) {
    int[][] rounded = new int[1][curvature.size()];
    NearestPlane.round(
        curvature, aim(block), steps(block), new double[] {scale}, rows.levels, rounded);
    set(curvature, block, rounded[0]);
  }

  void improve(Curvature curvature, int block) {
    int[] integers = get(curvature, block);
    double[] scales = steps(block);
    for (int i = 0; i < scales.length; i++) {
      scales[i] *= scale;
    }
    CoordinateDescent.improve(curvature, aim(block), scales, rows.levels, integers);
    set(curvature, block, integers);
  }

  /// Adds up what the best scale for the integers follows from.
  void measure(Curvature curvature, int block) {
    double[] aim = aim(block);
    double[] steps = steps(block);
    int[] integers = get(curvature, block);
    for (int i = 0; i < integers.length; i++) {
      if (integers[i] != 0) {
        double[] row = curvature.matrix()[i];
        double product = 0;
        double power = 0;
        for (int j = 0; j < row.length; j++) {
          product += row[j] * aim[j];
          power += row[j] * (integers[j] * steps[j]);
        }
        along += integers[i] * steps[i] * product;
        square += integers[i] * steps[i] * power;
      }
    }
  }

  /// Takes the scale under which the integers come nearest: where the derivative of the error by the scale is zero.
  void refit() {
    double best = along > 0 && square > 0 ? along / square : scale;
    scale = Math.max(leastScale, (float) best);
    along = 0;
    square = 0;
  }

  private double[] aim(int block) {
    return ofBlock(rows.wanted, block);
  }

  private double[] steps(int block) {
    return ofBlock(rows.steps, block);
  }

  private double[] ofBlock(double[][] values, int block) {
    int n = rows.inputs.size();
    return Arrays.copyOfRange(values[output], block * n, (block + 1) * n);
  }

  private int[] get(Curvature curvature, int block) {
    int[] integers = new int[curvature.size()];
    for (int i = 0; i < integers.length; i++) {
      integers[i] = rows.integers[index(curvature, block, i)];
    }
    return integers;
  }

  private void set(Curvature curvature, int block, int[] integers) {
    for (int i = 0; i < integers.length; i++) {
      rows.integers[index(curvature, block, i)] = (byte) integers[i];
    }
  }

  private int index(Curvature curvature, int block, int position) {
    return rows.inputs.index(output, block * curvature.size() + curvature.order()[position]);
  }
}
