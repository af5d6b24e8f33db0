package dev.halftone.testing;

import static java.util.Objects.requireNonNull;

import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Sums of products over axes that two tensors share.
final class MatrixProducts {

  private MatrixProducts() {}

  static Tensor matMul(Call call) {
    boolean isRow = call.shape(0).rank() == 1;
    boolean isColumn = call.shape(1).rank() == 1;
    Shape a = isRow ? new Shape(1, call.shape(0).dim(0)) : call.shape(0);
    Shape b = isColumn ? new Shape(call.shape(1).dim(0), 1) : call.shape(1);
    int rows = (int) a.dim(-2);
    int inner = (int) a.dim(-1);
    int columns = (int) b.dim(-1);
    Shape batch = Positions.broadcastShape(a.withoutLast(2), b.withoutLast(2));
    int[] left = Positions.broadcast(a.withoutLast(2), batch);
    int[] right = Positions.broadcast(b.withoutLast(2), batch);
    float[] x = call.floats(0);
    float[] w = call.floats(1);
    float[] y = new float[left.length * rows * columns];
    double[] sums = new double[columns];
    for (int row = 0; row < left.length * rows; row++) {
      int one = (left[row / rows] * rows + row % rows) * inner;
      int two = right[row / rows] * inner * columns;
      Arrays.fill(sums, 0);
      for (int k = 0; k < inner; k++) {
        double factor = x[one + k];
        for (int column = 0; column < columns; column++) {
          sums[column] += factor * w[two + k * columns + column];
        }
      }
      for (int column = 0; column < columns; column++) {
        y[row * columns + column] = (float) sums[column];
      }
    }
    long[] dims = Arrays.copyOf(batch.dims(), batch.rank() + 2);
    dims[batch.rank()] = rows;
    dims[batch.rank() + 1] = columns;
    if (isRow) {
      dims[batch.rank()] = columns;
    }
    int dropped = (isRow ? 1 : 0) + (isColumn ? 1 : 0);
    return Tensor.of(new Shape(Arrays.copyOf(dims, dims.length - dropped)), y);
  }

  static Tensor gemm(Call call) {
    boolean isLeftTurned = call.flag("transA", false);
    boolean isRightTurned = call.flag("transB", false);
    Shape a = call.shape(0);
    Shape b = call.shape(1);
    int rows = (int) a.dim(isLeftTurned ? 1 : 0);
    int inner = (int) a.dim(isLeftTurned ? 0 : 1);
    int columns = (int) b.dim(isRightTurned ? 0 : 1);
    Shape shape = new Shape(rows, columns);
    float[] x = call.floats(0);
    float[] w = call.floats(1);
    float[] added = call.optionalFloats(2).orElse(new float[] {0});
    int[] at = Positions.broadcast(call.has(2) ? call.shape(2) : Shape.SCALAR, shape);
    double alpha = call.node().floatAttribute("alpha", 1);
    double beta = call.node().floatAttribute("beta", 1);
    float[] y = new float[rows * columns];
    for (int i = 0; i < y.length; i++) {
      int row = i / columns;
      int column = i % columns;
      double sum = 0;
      for (int k = 0; k < inner; k++) {
        double factor = x[isLeftTurned ? k * rows + row : row * inner + k];
        sum += factor * w[isRightTurned ? column * inner + k : k * columns + column];
      }
      y[i] = (float) (alpha * sum + beta * added[at[i]]);
    }
    return Tensor.of(shape, y);
  }

  /// Two operands, each letter once in each, the output's letters given.
  static Tensor einsum(Call call) {
    String equation = call.node().textAttribute("equation", "").replace(" ", "");
    String[] sides = equation.split("->");
    List<String> reads = List.of(sides[0].split(","));
    if (sides.length != 2 || reads.size() != 2 || equation.contains(".")) {
      throw call.unsupported("equation " + equation);
    }
    Map<Character, Long> extents = new LinkedHashMap<>();
    for (String letters : List.of(sides[1], reads.get(0), reads.get(1))) {
      for (int axis = 0; axis < letters.length(); axis++) {
        extents.putIfAbsent(letters.charAt(axis), 0L);
      }
    }
    for (int i = 0; i < 2; i++) {
      for (int axis = 0; axis < reads.get(i).length(); axis++) {
        extents.put(reads.get(i).charAt(axis), call.shape(i).dim(axis));
      }
    }
    Shape all = new Shape(extents.values().stream().mapToLong(Long::longValue).toArray());
    Shape shape =
        new Shape(sides[1].chars().mapToLong(c -> requireNonNull(extents.get((char) c))).toArray());
    int[] left = Positions.walk(all, strides(extents, reads.get(0), call.shape(0)), 0);
    int[] right = Positions.walk(all, strides(extents, reads.get(1), call.shape(1)), 0);
    int[] to = Positions.walk(all, strides(extents, sides[1], shape), 0);
    float[] x = call.floats(0);
    float[] w = call.floats(1);
    double[] sums = new double[(int) shape.count()];
    for (int i = 0; i < to.length; i++) {
      sums[to[i]] += (double) x[left[i]] * w[right[i]];
    }
    float[] y = new float[sums.length];
    for (int i = 0; i < y.length; i++) {
      y[i] = (float) sums[i];
    }
    return Tensor.of(shape, y);
  }

  /// Of each letter of all, how far it moves within a tensor that has these.
  private static int[] strides(Map<Character, Long> all, String letters, Shape shape) {
    int[] strides = shape.strides();
    return all.keySet().stream()
        .mapToInt(letter -> letters.indexOf(letter) < 0 ? 0 : strides[letters.indexOf(letter)])
        .toArray();
  }
}
