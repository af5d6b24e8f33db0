package dev.halftone.testing;

import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.Arrays;
import java.util.Optional;

/// Operations that add up along axes.
final class Sums {

  private Sums() {}

  static Tensor softmax(Call call) {
    return alongAxis(call, false);
  }

  static Tensor logSoftmax(Call call) {
    return alongAxis(call, true);
  }

  private static Tensor alongAxis(Call call, boolean isLogarithm) {
    Shape shape = call.shape(0);
    int axis = call.axis(-1, shape.rank());
    int extent = (int) shape.dim(axis);
    int inner = (int) shape.countAfter(axis);
    float[] x = call.floats(0);
    float[] y = new float[x.length];
    for (int line = 0; line < x.length / extent; line++) {
      int first = line / inner * inner * extent + line % inner;
      double most = Double.NEGATIVE_INFINITY;
      for (int i = 0; i < extent; i++) {
        most = Math.max(most, x[first + i * inner]);
      }
      double sum = 0;
      for (int i = 0; i < extent; i++) {
        sum += Math.exp(x[first + i * inner] - most);
      }
      for (int i = 0; i < extent; i++) {
        double above = x[first + i * inner] - most;
        y[first + i * inner] =
            (float) (isLogarithm ? above - Math.log(sum) : Math.exp(above) / sum);
      }
    }
    return Tensor.of(shape, y);
  }

  static Tensor layerNormalization(Call call) {
    Shape shape = call.shape(0);
    int axis = call.axis(-1, shape.rank());
    int extent = (int) (shape.dim(axis) * shape.countAfter(axis));
    double epsilon = call.node().floatAttribute("epsilon", 1e-5f);
    float[] x = call.floats(0);
    float[] gain = call.floats(1);
    Optional<float[]> offset = call.optionalFloats(2);
    Shape row = new Shape(Arrays.copyOfRange(shape.dims(), axis, shape.rank()));
    int[] gains = Positions.broadcast(call.shape(1), row);
    int[] offsets = call.has(2) ? Positions.broadcast(call.shape(2), row) : gains;
    float[] y = new float[x.length];
    for (int first = 0; first < x.length; first += extent) {
      double mean = 0;
      for (int i = 0; i < extent; i++) {
        mean += x[first + i] / (double) extent;
      }
      double variance = 0;
      for (int i = 0; i < extent; i++) {
        variance += Math.pow(x[first + i] - mean, 2) / extent;
      }
      for (int i = 0; i < extent; i++) {
        double normal = (x[first + i] - mean) / Math.sqrt(variance + epsilon);
        double added = offset.isPresent() ? offset.get()[offsets[i]] : 0;
        y[first + i] = (float) (normal * gain[gains[i]] + added);
      }
    }
    return Tensor.of(shape, y);
  }

  static Tensor batchNormalization(Call call) {
    if (call.flag("training_mode", false)) {
      throw call.unsupported("training_mode");
    }
    Shape shape = call.shape(0);
    double epsilon = call.node().floatAttribute("epsilon", 1e-5f);
    float[] x = call.floats(0);
    float[] gain = call.floats(1);
    float[] offset = call.floats(2);
    float[] mean = call.floats(3);
    float[] variance = call.floats(4);
    int inner = (int) shape.countAfter(1);
    float[] y = new float[x.length];
    for (int i = 0; i < y.length; i++) {
      int c = i / inner % gain.length;
      y[i] = (float) ((x[i] - mean[c]) / Math.sqrt(variance[c] + epsilon) * gain[c] + offset[c]);
    }
    return Tensor.of(shape, y);
  }

  static Tensor reduceMean(Call call) {
    return reduce(call, true);
  }

  static Tensor reduceSum(Call call) {
    return reduce(call, false);
  }

  private static Tensor reduce(Call call, boolean isMean) {
    Shape shape = call.shape(0);
    Optional<int[]> axes = call.ints(1, "axes").filter(given -> given.length > 0);
    if (axes.isEmpty() && call.flag("noop_with_empty_axes", false)) {
      return call.in(0);
    }
    boolean[] isSummed = new boolean[shape.rank()];
    Arrays.fill(isSummed, axes.isEmpty());
    for (int axis : axes.orElse(new int[0])) {
      isSummed[axis < 0 ? axis + shape.rank() : axis] = true;
    }
    Shape kept = without(shape, isSummed, true);
    int[] to = Positions.broadcast(kept, shape);
    float[] x = call.floats(0);
    double[] sums = new double[(int) kept.count()];
    for (int i = 0; i < x.length; i++) {
      sums[to[i]] += x[i];
    }
    float[] y = new float[sums.length];
    for (int i = 0; i < y.length; i++) {
      y[i] = (float) (isMean ? sums[i] * sums.length / x.length : sums[i]);
    }
    return Tensor.of(call.flag("keepdims", true) ? kept : without(shape, isSummed, false), y);
  }

  private static Shape without(Shape shape, boolean[] isSummed, boolean keep) {
    long[] dims = new long[shape.rank()];
    int rank = 0;
    for (int axis = 0; axis < dims.length; axis++) {
      if (!isSummed[axis] || keep) {
        dims[rank++] = isSummed[axis] ? 1 : shape.dim(axis);
      }
    }
    return new Shape(Arrays.copyOf(dims, rank));
  }

  static Tensor argMax(Call call) {
    if (call.flag("select_last_index", false)) {
      throw call.unsupported("select_last_index");
    }
    Shape shape = call.shape(0);
    int axis = call.axis(0, shape.rank());
    int extent = (int) shape.dim(axis);
    int inner = (int) shape.countAfter(axis);
    float[] x = call.floats(0);
    long[] y = new long[x.length / extent];
    for (int line = 0; line < y.length; line++) {
      int first = line / inner * inner * extent + line % inner;
      for (int i = 1; i < extent; i++) {
        y[line] = x[first + i * inner] > x[first + (int) y[line] * inner] ? i : y[line];
      }
    }
    boolean[] isSummed = new boolean[shape.rank()];
    isSummed[axis] = true;
    return Tensor.of(without(shape, isSummed, call.flag("keepdims", true)), y);
  }
}
