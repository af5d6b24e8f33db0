package dev.halftone.plan.rounding;

import dev.halftone.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/// Sums of products of the inputs of a layer over samples and places: what the error of its output is computed from.
///
/// With r the inputs in the float network and q those that the quantized network has at the same place, the squared error of an
/// output with weights w and integers that stand for v is the sum of (w r - v q)^2: quadratic in v, with matrix q q^T and linear part
/// w r q^T.
///
/// @param blocks of all groups, those that there are products of
/// @param size inputs of a block
/// @param seen where the inputs come from
/// @param second [blocks][size][size] sums of q q^T
/// @param cross [blocks][size][size] sums of r q^T
/// @param sums of the inputs themselves
record SecondMoments(
    InputRows.Blocks blocks,
    int size,
    Seen seen,
    double[][][] second,
    double[][][] cross,
    InputSums sums) {

  /// @param places summed over
  /// @param samples that they come from
  record Seen(long places, int samples) {

    /// How many independent observations they are worth; at least 1.
    double observations() {
      return Math.max(1, Math.min(places, (double) INDEPENDENT_PLACES * samples));
    }
  }

  /// @param quantized [all blocks * size] sums of q
  /// @param real [all blocks * size] sums of r
  record InputSums(double[] quantized, double[] real) {

    /// @param inputs of all blocks
    static InputSums zero(int inputs) {
      return new InputSums(new double[inputs], new double[inputs]);
    }
  }

  private static final double SHRINKAGE = 0.25;

  /// Places of one sample that say as much as places of unlike samples would: neighbours are much alike.
  private static final int INDEPENDENT_PLACES = 4;

  /// Relative error of a runtime's sums of products.
  private static final double ROUNDING = 1e-5;

  static SecondMoments zero(InputRows rows, InputRows.Blocks blocks) {
    int size = rows.size();
    return new SecondMoments(
        blocks,
        size,
        new Seen(0, 0),
        new double[blocks.count()][size][size],
        new double[blocks.count()][size][size],
        InputSums.zero(rows.allBlocks() * size));
  }

  /// With one sample's sums added to these arrays. Floating point: callers add samples in a fixed order.
  ///
  /// @param q2 FLOAT, as second, and the others alike
  SecondMoments plus(long places, Tensor q2, Tensor rq, Tensor q, Tensor r) {
    add(second, q2);
    add(cross, rq);
    add(sums.quantized, q, 0);
    add(sums.real, r, 0);
    Seen more = new Seen(seen.places + places, seen.samples + 1);
    return new SecondMoments(blocks, size, more, second, cross, sums);
  }

  private static void add(double[][][] to, Tensor values) {
    long from = 0;
    for (double[][] block : to) {
      for (double[] row : block) {
        add(row, values, from);
        from += row.length;
      }
    }
  }

  private static void add(double[] sum, Tensor values, long from) {
    MemorySegment floats = values.data();
    for (int i = 0; i < sum.length; i++) {
      sum[i] += floats.get(Tensor.FLOAT_LE, 4 * (from + i));
    }
  }

  /// The same sums about the means, in the same arrays. So the sums of layers that share weights can be added up: each makes up for its
  /// means with a bias of its own.
  SecondMoments aboutMeans() {
    for (int block = 0; block < second.length; block++) {
      int from = (blocks.first() + block) * size;
      centre(second[block], from, sums.quantized, seen.places, seen.places);
      centre(cross[block], from, sums.real, seen.places, seen.places);
    }
    return new SecondMoments(blocks, size, seen, second, cross, InputSums.zero(sums.real.length));
  }

  /// Covariances in place of sums of products.
  ///
  /// @param from the first input of the block among all
  /// @param own factor of those of an input with itself
  /// @param others factor of the others
  private void centre(double[][] products, int from, double[] left, double own, double others) {
    for (int i = 0; i < size; i++) {
      double mean = left[from + i] / seen.places;
      double[] row = products[i];
      for (int j = 0; j < size; j++) {
        row[j] = (i == j ? own : others) * covariance(row[j], mean, from + j);
      }
    }
  }

  /// With the sums of another layer added to these arrays, both about the means: what it sees in a sample are more places of that.
  SecondMoments plus(SecondMoments other) {
    add(second, other.second);
    add(cross, other.cross);
    Seen both =
        new Seen(seen.places + other.seen.places, Math.max(seen.samples, other.seen.samples));
    return new SecondMoments(blocks, size, both, second, cross, sums);
  }

  private void add(double[][][] to, double[][][] others) {
    for (int block = 0; block < to.length; block++) {
      for (int i = 0; i < size; i++) {
        Vectors.add(to[block][i], 1, others[block][i], 0, size);
      }
    }
  }

  /// [size][size] the covariance of the quantized inputs of a block. It takes the place of the block's sums, to be asked for once.
  double[][] intoCovariance(int block) {
    return centred(second[block - blocks.first()], block, sums.quantized);
  }

  /// [size][size] the covariance of real inputs (rows) with quantized ones (columns), in place of their sums.
  double[][] intoCrossCovariance(int block) {
    return centred(cross[block - blocks.first()], block, sums.real);
  }

  /// What two inputs have in common is trusted less where there are few observations for many inputs (Ledoit and Wolf 2004): there it is
  /// chance to a good part.
  private double[][] centred(double[][] products, int block, double[] left) {
    double trust = seen.observations() / (seen.observations() + SHRINKAGE * size);
    centre(products, block * size, left, 1, trust);
    return products;
  }

  private double covariance(double sum, double mean, int quantized) {
    double covariance = (sum - mean * sums.quantized[quantized]) / seen.places;
    boolean isRounding = Math.abs(covariance) < ROUNDING * Math.abs(sum) / seen.places;
    return isRounding ? 0 : covariance; // what floats leave of a difference of equals
  }
}
