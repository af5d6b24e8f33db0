package dev.halftone.scheme;

import dev.halftone.tensor.Shape;
import java.util.List;
import java.util.stream.IntStream;

/// The elements of a tensor that share a scale.
public sealed interface Granularity {

  /// One scale for all elements.
  record PerTensor() implements Granularity {}

  /// A scale for each index of these axes.
  ///
  /// @param axes ascending, one at least
  record PerChannel(List<Integer> axes) implements Granularity {

    public PerChannel {
      axes = List.copyOf(axes);
      if (axes.isEmpty() || !axes.equals(axes.stream().distinct().sorted().toList())) {
        throw new IllegalArgumentException("axes are ascending, not " + axes);
      }
    }
  }

  /// A scale for each `size` neighbours along `axis`, at each index of the other axes: `DequantizeLinear` with `block_size`. The last group
  /// may be shorter.
  record PerGroup(int axis, int size) implements Granularity {

    public PerGroup {
      if (size < 1) {
        throw new IllegalArgumentException("a group has 1 element at least, not " + size);
      }
    }
  }

  static Granularity perChannel(int axis) {
    return new PerChannel(List.of(axis));
  }

  /// That of a transposed matrix.
  default Granularity transposed() {
    return switch (this) {
      case PerTensor() -> this;
      case PerChannel(List<Integer> axes) ->
          new PerChannel(axes.stream().map(axis -> 1 - axis).sorted().toList());
      case PerGroup(int axis, int size) -> new PerGroup(1 - axis, size);
    };
  }

  /// The extents of the scales: as many axes as the tensor has, 1 where one scale serves all indices. Without groups, a product of both
  /// broadcasts.
  default Shape scales(Shape tensor) {
    long[] extents = new long[tensor.rank()];
    for (int axis = 0; axis < extents.length; axis++) {
      extents[axis] = Math.ceilDiv(tensor.dim(axis), run(axis, tensor.dim(axis)));
    }
    return new Shape(extents);
  }

  /// How many neighbours along an axis share a scale.
  private long run(int axis, long extent) {
    long all = Math.max(1, extent);
    return switch (this) {
      case PerTensor() -> all;
      case PerChannel(List<Integer> axes) -> axes.contains(axis) ? 1 : all;
      case PerGroup(int along, int size) -> axis == along ? size : 1;
    };
  }

  /// The scale of each element of a row-major tensor.
  default ScaleIndex index(Shape tensor) {
    Shape scales = scales(tensor);
    int[] axes = IntStream.range(0, tensor.rank()).filter(axis -> scales.dim(axis) > 1).toArray();
    int[] inner = new int[axes.length];
    int[] extent = new int[axes.length];
    int[] run = new int[axes.length];
    int[] stride = new int[axes.length];
    for (int i = 0; i < axes.length; i++) {
      inner[i] = Math.toIntExact(tensor.countAfter(axes[i]));
      extent[i] = Math.toIntExact(tensor.dim(axes[i]));
      run[i] = Math.toIntExact(run(axes[i], extent[i]));
      stride[i] = Math.toIntExact(scales.countAfter(axes[i]));
    }
    return new ScaleIndex(inner, extent, run, stride);
  }
}
