package dev.halftone.plan.rounding;

import dev.halftone.engine.Parallel;
import dev.halftone.scheme.Granularity;
import dev.halftone.scheme.Grid;
import dev.halftone.scheme.Levels;
import dev.halftone.scheme.Multiples;
import dev.halftone.scheme.QuantizedType;
import dev.halftone.scheme.QuantizedWeight;
import dev.halftone.scheme.Scales;
import dev.halftone.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.IntStream;

/// Chooses the integers of a layer so that its output, computed from the inputs that the quantized network has, comes as near as can be
/// to what the float network computes from its own.
///
/// First the real weights that would do so ([Regression]), then a grid for each row, then the integers ([NearestPlane],
/// [CoordinateDescent]). A constant difference is left to the bias, so moments are taken about the mean.
///
/// Every step goes through the blocks of inputs, a few at a time where they are large, and through all rows within: a block's matrices
/// take 64 MB, and there is no limit to the blocks.
final class LeastSquares {

  /// The largest scale that is tried where a layer has a codebook, over the one that was fitted to the row without regard to other rows.
  private static final double CODEBOOK_TOP = 1.35;

  private static final int REFITS = 2;
  private static final int CHUNK = 8;

  /// Bytes that a block takes while it is solved, for each element of its matrix: moments, factors and their transposes.
  private static final int BYTES_AN_ELEMENT = 32;

  /// What the integers of a layer and their scales may be.
  ///
  /// @param type the integers, where they are evenly spaced
  /// @param shared whether the layer may have a [dev.halftone.scheme.Codebook]
  /// @param scales which numbers scales may be
  /// @param least how small the scales may be
  /// @param multiples what the integers are where some neighbours share a multiplier
  record Choice(
      QuantizedType type,
      boolean shared,
      Optional<Multiples> multiples,
      Scales scales,
      LeastScales least) {}

  /// What there is to work with. None of it changes the result.
  ///
  /// @param atOnce bytes that the blocks which are solved together may take; one block is always solved
  /// @param kept bytes of curvatures that stay in memory
  record Means(int threads, long atOnce, long kept) {

    static Means of(int threads) {
      return new Means(threads, 192L << 20, Curvatures.IN_MEMORY);
    }
  }

  private final InputRows rows;
  private final float[] weights;
  private final Choice choice;
  private final Means means;
  private final List<InputRows.Blocks> batches;
  private final Curvatures curvatures;
  private final double[][] wanted; // [outputs][inputs] in the curvature's order within each block
  private final double[][] variances; // [groups][inputs] in that order
  private final int[][] inputs; // [groups][inputs] in that order: where each stands in its row
  private final double[][] steps; // [outputs][inputs] in that order, but for a factor
  private final Optional<GroupScales> grouped;
  private final double[] scales;
  private final byte[] integers;
  private final double[] tops; // [outputs] the largest scale that is tried
  private Levels levels;

  private LeastSquares(
      InputRows rows,
      float[] weights,
      Choice choice,
      Means means,
      Curvatures curvatures,
      Granularity granularity) {
    this.rows = rows;
    this.weights = weights;
    this.choice = choice;
    this.means = means;
    long block = BYTES_AN_ELEMENT * (long) rows.size() * rows.size();
    this.batches = rows.batches((int) Math.clamp(means.atOnce / block, 1, rows.allBlocks()));
    this.curvatures = curvatures;
    this.levels = new Levels.Even(choice.type);
    this.tops = new double[rows.outputs()];
    this.wanted = new double[rows.outputs()][rows.inputs()];
    this.variances = new double[rows.groups()][rows.inputs()];
    this.inputs = new int[rows.groups()][rows.inputs()];
    this.steps = new double[rows.outputs()][];
    double[] same = new double[rows.inputs()];
    Arrays.fill(same, 1);
    Arrays.fill(steps, same);
    this.grouped =
        granularity instanceof Granularity.PerGroup(int _, int size)
            ? Optional.of(new GroupScales(rows, size, OptionalInt.empty()))
            : choice.multiples.map(levels -> new GroupScales(rows, levels.size(), most(choice)));
    this.scales = new double[rows.outputs()];
    this.integers = new byte[weights.length];
  }

  /// @param granularity a scale for each output channel, or for groups of the weights of each
  /// @param moments measures those of some blocks; their sums are used up
  static QuantizedWeight quantize(
      Tensor weight,
      Granularity granularity,
      InputRows rows,
      Function<InputRows.Blocks, SecondMoments> moments,
      Choice choice,
      Means means) {
    try (Curvatures curvatures = new Curvatures(rows.allBlocks(), means.kept)) {
      LeastSquares solver =
          new LeastSquares(rows, weight.toFloats(), choice, means, curvatures, granularity);
      for (InputRows.Blocks batch : solver.batches) {
        solver.aim(batch, moments.apply(batch));
      }
      solver.coverAll();
      if (choice.shared) {
        solver.takeCodebook();
      }
      solver.roundToFit();
      choice.multiples.ifPresent(solver::multiply);
      return new QuantizedWeight(
          weight.shape(),
          new Grid(solver.levels, granularity, solver.allScales()),
          solver.integers);
    }
  }

  private static OptionalInt most(Choice choice) {
    return OptionalInt.of(Multiples.most(choice.type, choice.least.limit()));
  }

  private void multiply(Multiples multiples) {
    GroupScales groups = grouped.orElseThrow();
    for (int output = 0; output < rows.outputs(); output++) {
      for (int input = 0; input < rows.inputs(); input++) {
        int at = rows.index(output, input);
        integers[at] = (byte) (integers[at] * groups.multiplier(output, input));
      }
    }
    levels = multiples;
  }

  private float[] allScales() {
    if (choice.multiples.isPresent()) {
      return grouped.orElseThrow().ofRows(scales);
    }
    float[] ofRows = new float[scales.length];
    for (int output = 0; output < ofRows.length; output++) {
      ofRows[output] = (float) scales[output];
    }
    return grouped.map(groups -> groups.all(scales)).orElse(ofRows);
  }

  private void aim(InputRows.Blocks batch, SecondMoments moments) {
    Regression regression = new Regression(rows, weights, wanted);
    int within = Math.max(1, means.threads / batch.count());
    Parallel.forEach(
        batch.count(),
        means.threads,
        at -> {
          int block = batch.first() + at;
          Curvature curvature = regression.solve(block, moments, within);
          double[] ofGroup = variances[block / rows.blocks()];
          int from = block % rows.blocks() * rows.size();
          for (int i = 0; i < rows.size(); i++) {
            ofGroup[from + i] = curvature.matrix()[i][i];
            inputs[block / rows.blocks()][from + i] = from + curvature.order()[i];
          }
          curvatures.keep(block, curvature);
        });
  }

  /// The largest scales that are tried clip nothing.
  private void coverAll() {
    for (int output = 0; output < tops.length; output++) {
      int group = output / rows.rows();
      int row = output;
      grouped.ifPresent(groups ->
          steps[row] =
              groups.choose(row, wanted[row], variances[group], inputs[group], choice.type));
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
      importance[output] = variances[output / rows.rows()];
    }
    CodebookFit.better(wanted, importance, choice.type, tops)
        .ifPresent(fit -> {
          levels = fit.codebook();
          for (int output = 0; output < tops.length; output++) {
            tops[output] = CODEBOOK_TOP * fit.scales()[output];
          }
        });
  }

  /// Rows whose integers exceed what a processor adds up are solved again with a larger scale, until none is left.
  private void roundToFit() {
    RowFit.Rows shared = new RowFit.Rows(rows, levels, wanted, steps, integers);
    List<RowFit> fits =
        IntStream.range(0, rows.outputs())
            .mapToObj(output -> fit(shared, output, choice.least.scales()[output]))
            .toList();
    while (!fits.isEmpty()) {
      round(fits);
      fits.forEach(fit -> scales[fit.output()] = fit.scale());
      fits =
          fits.stream()
              .map(RowFit::output)
              .filter(output -> excess(output) > 1)
              .map(output -> fit(shared, output, (float) ((float) scales[output] * excess(output))))
              .toList();
    }
  }

  private double excess(int output) {
    return choice.least.excess(input -> integers[rows.index(output, input)]);
  }

  private RowFit fit(RowFit.Rows shared, int output, float leastScale) {
    if (grouped.isPresent()) {
      return new RowFit(shared, output, Float.MIN_NORMAL, GroupScales.FACTORS);
    }
    double top = Math.max(leastScale, tops[output]);
    double[] tried =
        Arrays.stream(TriedScales.shares(choice.type.bits()))
            .map(share -> choice.scales.up((float) Math.max(leastScale, top * share)))
            .distinct() // they are the same where few are allowed, or none smaller
            .toArray();
    return new RowFit(shared, output, leastScale, tried);
  }

  private void round(List<RowFit> fits) {
    int refits = choice.scales == Scales.ANY ? REFITS : 0;
    overBlocks(fits, RowFit::tryScales);
    fits.forEach(RowFit::chooseScale);
    for (int turn = 0; turn <= refits; turn++) {
      boolean first = turn == 0;
      boolean last = turn == refits;
      overBlocks(
          fits,
          (fit, curvature, block) -> {
            if (first) {
              fit.round(curvature, block);
            }
            fit.improve(curvature, block);
            if (!last) {
              fit.measure(curvature, block);
            }
          });
      if (!last) {
        fits.forEach(RowFit::refit);
      }
    }
  }

  private interface Step {

    /// @param block of the row
    void take(RowFit fit, Curvature curvature, int block);
  }

  /// Takes a step for each row and each of its blocks, those of a row in order.
  private void overBlocks(List<RowFit> fits, Step step) {
    for (InputRows.Blocks batch : batches) {
      Curvature[] some = new Curvature[batch.count()];
      Arrays.setAll(some, at -> curvatures.of(batch.first() + at));
      Parallel.forEach(
          Math.ceilDiv(fits.size(), CHUNK),
          means.threads,
          chunk -> {
            int end = Math.min(fits.size(), (chunk + 1) * CHUNK);
            for (RowFit fit : fits.subList(chunk * CHUNK, end)) {
              int start = fit.output() / rows.rows() * rows.blocks();
              int from = Math.max(start, batch.first());
              int to = Math.min(start + rows.blocks(), batch.first() + batch.count());
              for (int block = from; block < to; block++) {
                step.take(fit, some[block - batch.first()], block - start);
              }
            }
          });
    }
  }
}
