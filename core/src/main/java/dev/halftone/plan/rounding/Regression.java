package dev.halftone.plan.rounding;

import dev.halftone.engine.Parallel;
import java.util.Arrays;

/// The real weights with which the inputs of the quantized network come nearest to the outputs of the float network: a ridge regression
/// that holds on to the given weights where the inputs say little.
final class Regression {

  /// Share of the mean variance that holds the wanted weights to the given ones: regression on few samples fits noise.
  private static final double RIDGE = 0.1;

  private static final double RIDGE_FOR_FEW = 12;

  /// Rows that are solved for at once, so that the factor is read once for all of them.
  private static final int CHUNK = 8;

  private final InputRows rows;
  private final float[] weights;
  private final double[][] wanted;

  /// @param wanted [outputs][inputs] receives the weights, in the curvature's order within each block
  Regression(InputRows rows, float[] weights, double[][] wanted) {
    this.rows = rows;
    this.weights = weights;
    this.wanted = wanted;
  }

  /// The weights to aim at, for all rows that read a block of inputs, and what a deviation from them costs.
  ///
  /// @param block of all groups
  /// @param moments whose products of this block are used up
  Curvature solve(int block, SecondMoments moments, int threads) {
    double[][] covariance = moments.intoCovariance(block);
    aim(block, covariance, moments, threads);
    Curvature curvature = Curvature.of(covariance, threads);
    int n = rows.size();
    int from = block % rows.blocks() * n;
    for (int output = first(block); output < first(block) + rows.rows(); output++) {
      double[] aims = Arrays.copyOfRange(wanted[output], from, from + n);
      for (int i = 0; i < n; i++) {
        wanted[output][from + i] = aims[curvature.order()[i]];
      }
    }
    return curvature;
  }

  /// The first output that reads a block.
  private int first(int block) {
    return block / rows.blocks() * rows.rows();
  }

  /// The weights to aim at, in the order of the inputs.
  private void aim(int block, double[][] covariance, SecondMoments moments, int threads) {
    int n = rows.size();
    double[][] difference = moments.intoCrossCovariance(block);
    for (int i = 0; i < n; i++) {
      Vectors.add(difference[i], -1, covariance[i], 0, n);
    }
    double share = RIDGE * (1 + RIDGE_FOR_FEW * n / moments.seen().observations());
    Cholesky ridge = Curvature.Ridge.of(covariance, share, threads).factor();
    int from = block % rows.blocks() * n;
    Parallel.forEach(
        Math.ceilDiv(rows.rows(), CHUNK),
        threads,
        chunk -> {
          int output = first(block) + chunk * CHUNK;
          double[][] changes = new double[Math.min(CHUNK, rows.rows() - chunk * CHUNK)][n];
          for (int i = 0; i < n; i++) {
            for (int row = 0; row < changes.length; row++) {
              double weight = weights[rows.index(output + row, from + i)];
              Vectors.add(changes[row], weight, difference[i], 0, n);
            }
          }
          ridge.solve(changes);
          for (int row = 0; row < changes.length; row++) {
            for (int i = 0; i < n; i++) {
              wanted[output + row][from + i] =
                  weights[rows.index(output + row, from + i)] + changes[row][i];
            }
          }
        });
  }
}
