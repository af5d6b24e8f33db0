package dev.halftone.testing;

import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;

/// Pools, of any number of axes.
final class Pools {

  /// What becomes of the elements under one place of the kernel.
  private interface Pooled {

    /// @param x the map, from `first` on
    /// @param under elements of the map; negative ones are padding
    double of(float[] x, int first, int[] under);
  }

  private Pools() {}

  static Tensor max(Call call) {
    return pool(call, Pools::max);
  }

  static Tensor average(Call call) {
    return pool(call, call.flag("count_include_pad", false) ? Pools::meanOfAll : Pools::mean);
  }

  static Tensor globalMax(Call call) {
    return global(call, Pools::max);
  }

  static Tensor globalAverage(Call call) {
    return global(call, Pools::mean);
  }

  private static double max(float[] x, int first, int[] under) {
    double most = Double.NEGATIVE_INFINITY;
    for (int at : under) {
      most = at < 0 ? most : Math.max(most, x[first + at]);
    }
    return most;
  }

  private static double mean(float[] x, int first, int[] under) {
    int count = 0;
    for (int at : under) {
      count += at < 0 ? 0 : 1;
    }
    return meanOfAll(x, first, under) * under.length / count;
  }

  private static double meanOfAll(float[] x, int first, int[] under) {
    double sum = 0;
    for (int at : under) {
      sum += at < 0 ? 0 : x[first + at];
    }
    return sum / under.length;
  }

  private static Tensor global(Call call, Pooled pooled) {
    int[] map = SlidingKernel.map(call.shape(0));
    int[] ones = map.clone();
    java.util.Arrays.fill(ones, 1);
    int[] none = new int[map.length];
    return pool(call, pooled, new SlidingKernel(map, ones, ones, none, none));
  }

  private static Tensor pool(Call call, Pooled pooled) {
    if (call.flag("ceil_mode", false)) {
      throw call.unsupported("ceil_mode");
    }
    int[] map = SlidingKernel.map(call.shape(0));
    return pool(
        call, pooled, SlidingKernel.of(call, call.ints("kernel_shape", map.length, 1), map));
  }

  private static Tensor pool(Call call, Pooled pooled, SlidingKernel kernel) {
    Shape in = call.shape(0);
    int[] map = SlidingKernel.map(in);
    int[] places = kernel.over(map);
    int[][] elements = kernel.elements(places, map);
    float[] x = call.floats(0);
    Shape shape = SlidingKernel.shape(in.dim(0), in.dim(1), places);
    float[] y = new float[(int) shape.count()];
    for (int i = 0; i < y.length; i++) {
      int first = i / elements.length * SlidingKernel.count(map);
      y[i] = (float) pooled.of(x, first, elements[i % elements.length]);
    }
    return Tensor.of(shape, y);
  }
}
