package dev.halftone.verify;

import dev.halftone.metric.Sqnr;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// Finds for each row of the float model the nearest row of the quantized one that is left, the nearest pairs first.
///
/// @param error between the rows that found a twin
record RowMatch(MatchedRows rows, Sqnr error) {

  /// How far an element of a twin may be off, over the root mean square of its column.
  static final double TOLERANCE = 0.05;

  /// Of more rows only so many first ones are matched by distance: all pairs of them are looked at.
  static final int MOST_ROWS = 1000;

  private record Pair(int row, int other, double distance) {}

  static RowMatch of(OutputReading reference, Tensor other) {
    Shape mine = reference.shape();
    Shape theirs = other.shape();
    float[] r = rows(reference.values(), mine, rowAxis(mine, theirs));
    float[] q = rows(other.toFloats(), theirs, rowAxis(theirs, mine));
    int width = width(mine, rowAxis(mine, theirs));
    return other.dtype().isWhole() || width(theirs, rowAxis(theirs, mine)) != width
        ? same(r, q, width)
        : near(r, q, width);
  }

  /// The axis whose extents differ; where none does, that before the last, or the last of [1,N].
  static int rowAxis(Shape shape, Shape other) {
    int rank = shape.rank();
    for (int i = 0; i < rank && rank == other.rank(); i++) {
      if (shape.dim(i) != other.dim(i)) {
        return i;
      }
    }
    return rank < 2 || (rank == 2 && shape.dim(0) == 1) ? rank - 1 : rank - 2;
  }

  private static int width(Shape shape, int axis) {
    long rows = axis < 0 ? 1 : shape.dim(axis);
    long width = 1;
    for (int i = 0; i < shape.rank(); i++) {
      width *= i == axis ? 1 : shape.dim(i);
    }
    return rows == 0 ? Math.toIntExact(width) : Math.toIntExact(shape.count() / rows);
  }

  /// @return // [rows][width]
  static float[] rows(float[] values, Shape shape, int axis) {
    if (axis <= 0 || IntStream.range(0, axis).allMatch(i -> shape.dim(i) == 1)) {
      return values;
    }
    int rows = Math.toIntExact(shape.dim(axis));
    int inner = Math.toIntExact(shape.countAfter(axis));
    int outer = rows * inner == 0 ? 0 : values.length / (rows * inner);
    float[] moved = new float[values.length];
    int at = 0;
    for (int row = 0; row < rows; row++) {
      for (int o = 0; o < outer; o++) {
        for (int i = 0; i < inner; i++) {
          moved[at++] = values[(o * rows + row) * inner + i];
        }
      }
    }
    return moved;
  }

  /// Rows that are the same to the last bit.
  private static RowMatch same(float[] r, float[] q, int width) {
    int wide = Math.max(1, width);
    Map<List<Float>, Integer> left = new HashMap<>();
    for (int row = 0; row < q.length / wide; row++) {
      left.merge(row(q, row, wide), 1, Integer::sum);
    }
    int matched = 0;
    for (int row = 0; row < r.length / wide; row++) {
      List<Float> key = row(r, row, wide);
      int count = left.getOrDefault(key, 0);
      if (count > 0) {
        matched++;
        left.put(key, count - 1);
      }
    }
    return new RowMatch(
        new MatchedRows(r.length / wide, q.length / wide, matched),
        new Sqnr(0, 0, 0, 0, matched, 0));
  }

  private static List<Float> row(float[] values, int row, int width) {
    List<Float> elements = new ArrayList<>(width);
    for (int i = 0; i < width; i++) {
      elements.add(values[row * width + i]);
    }
    return elements;
  }

  private static RowMatch near(float[] r, float[] q, int width) {
    int wide = Math.max(1, width);
    int mine = Math.min(MOST_ROWS, r.length / wide);
    int theirs = Math.min(MOST_ROWS, q.length / wide);
    double[] steps = steps(r, mine, wide);
    List<Pair> pairs = new ArrayList<>();
    for (int i = 0; i < mine; i++) {
      for (int k = 0; k < theirs; k++) {
        double distance = distance(r, i, q, k, steps);
        if (distance <= 1) {
          pairs.add(new Pair(i, k, distance));
        }
      }
    }
    pairs.sort(
        Comparator.comparingDouble(Pair::distance)
            .thenComparingInt(Pair::row)
            .thenComparingInt(Pair::other));
    boolean[] isTaken = new boolean[mine];
    boolean[] isGone = new boolean[theirs];
    Sqnr error = Sqnr.NONE;
    int matched = 0;
    for (Pair pair : pairs) {
      if (!isTaken[pair.row] && !isGone[pair.other]) {
        isTaken[pair.row] = true;
        isGone[pair.other] = true;
        matched++;
        error =
            error.plus(
                Sqnr.of(
                    java.util.Arrays.copyOfRange(r, pair.row * wide, (pair.row + 1) * wide),
                    java.util.Arrays.copyOfRange(q, pair.other * wide, (pair.other + 1) * wide)));
      }
    }
    return new RowMatch(new MatchedRows(mine, theirs, matched), error);
  }

  /// What an element may be off by, column by column: whole numbers that name classes must be the same, for a class is far from the next.
  private static double[] steps(float[] r, int rows, int width) {
    double[] steps = new double[width];
    for (int c = 0; c < width; c++) {
      double power = 0;
      for (int row = 0; row < rows; row++) {
        power += (double) r[row * width + c] * r[row * width + c];
      }
      steps[c] = Math.max(Float.MIN_NORMAL, TOLERANCE * Math.sqrt(power / Math.max(1, rows)));
    }
    return steps;
  }

  /// The greatest of the columns; 1 is as far as a twin may be.
  private static double distance(float[] r, int row, float[] q, int other, double[] steps) {
    double greatest = 0;
    for (int c = 0; c < steps.length; c++) {
      double apart = Math.abs((double) r[row * steps.length + c] - q[other * steps.length + c]);
      greatest = Math.max(greatest, apart / steps[c]);
      if (!(greatest <= 1)) {
        return Double.POSITIVE_INFINITY;
      }
    }
    return greatest;
  }
}
