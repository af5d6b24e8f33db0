package dev.halftone.testing;

import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/// Operations that move elements, of whatever type.
final class Rearrangements {

  private Rearrangements() {}

  static Tensor transpose(Call call) {
    int rank = call.shape(0).rank();
    int[] perm =
        call.node().intsAttribute("perm").isPresent()
            ? call.ints("perm", rank, 0)
            : IntStream.range(0, rank).map(axis -> rank - 1 - axis).toArray();
    return transpose(call.in(0), perm);
  }

  private static Tensor transpose(Tensor tensor, int[] perm) {
    int[] strides = tensor.shape().strides();
    Shape shape = new Shape(Arrays.stream(perm).mapToLong(tensor.shape()::dim).toArray());
    int[] turned = Arrays.stream(perm).map(axis -> strides[axis]).toArray();
    return Positions.take(tensor, shape, Positions.walk(shape, turned, 0));
  }

  /// Blocks of channels become blocks of places.
  static Tensor depthToSpace(Call call) {
    long block = call.integer("blocksize", 1);
    long[] in = call.shape(0).dims();
    long kept = in[1] / (block * block);
    boolean isColumnsFirst = call.node().textAttribute("mode", "DCR").equals("CRD");
    Shape parted =
        isColumnsFirst
            ? new Shape(in[0], kept, block, block, in[2], in[3])
            : new Shape(in[0], block, block, kept, in[2], in[3]);
    int[] perm = isColumnsFirst ? new int[] {0, 1, 4, 2, 5, 3} : new int[] {0, 3, 4, 1, 5, 2};
    return transpose(call.in(0).reshape(parted), perm)
        .reshape(new Shape(in[0], kept, in[2] * block, in[3] * block));
  }

  static Tensor expand(Call call) {
    Shape shape = Positions.broadcastShape(call.shape(0), new Shape(call.in(1).toLongs()));
    return Positions.take(call.in(0), shape, Positions.broadcast(call.shape(0), shape));
  }

  static Tensor slice(Call call) {
    Shape from = call.shape(0);
    long[] starts = call.in(1).toLongs();
    long[] ends = call.in(2).toLongs();
    int[] axes = call.has(3) ? call.ints(3) : IntStream.range(0, starts.length).toArray();
    long[] dims = from.dims();
    int[] strides = from.strides();
    int first = 0;
    for (int i = 0; i < axes.length; i++) {
      int axis = axes[i] < 0 ? axes[i] + dims.length : axes[i];
      long extent = from.dim(axis);
      long step = call.has(4) ? call.in(4).toLongs()[i] : 1;
      long last = step < 0 ? extent - 1 : extent;
      long start = Math.clamp(starts[i] < 0 ? starts[i] + extent : starts[i], 0, last);
      long end = ends[i] < 0 ? Math.max(ends[i] + extent, -1) : Math.min(ends[i], extent);
      dims[axis] = Math.max(0, Math.ceilDiv(end - start, step));
      first += Math.toIntExact(start) * strides[axis];
      strides[axis] *= Math.toIntExact(step);
    }
    Shape shape = new Shape(dims);
    return Positions.take(call.in(0), shape, Positions.walk(shape, strides, first));
  }

  /// The positions `from`, `from + 1`, ... along an axis.
  private static Tensor part(Tensor whole, int axis, long from, long count) {
    long[] dims = whole.shape().dims();
    dims[axis] = count;
    Shape shape = new Shape(dims);
    int[] strides = whole.shape().strides();
    int[] at = Positions.walk(shape, strides, Math.toIntExact(from) * strides[axis]);
    return Positions.take(whole, shape, at);
  }

  static List<Tensor> split(Call call) {
    int axis = call.axis(0, call.shape(0).rank());
    long extent = call.shape(0).dim(axis);
    int parts = call.node().outputs().size();
    long even = Math.ceilDiv(extent, parts);
    List<Tensor> made = new ArrayList<>();
    long from = 0;
    for (int i = 0; i < parts; i++) {
      long count = call.has(1) ? call.ints(1)[i] : Math.min(even, extent - from);
      made.add(part(call.in(0), axis, from, count));
      from += count;
    }
    return made;
  }

  static Tensor gather(Call call) {
    Shape from = call.shape(0);
    int axis = call.axis(0, from.rank());
    int[] wanted = call.ints(1);
    int extent = (int) from.dim(axis);
    int inner = (int) from.countAfter(axis);
    int outer = (int) (from.count() / Math.max(1, (long) extent * inner));
    List<Long> dims = new ArrayList<>();
    for (int i = 0; i < from.rank(); i++) {
      if (i == axis) {
        Arrays.stream(call.shape(1).dims()).forEach(dims::add);
      } else {
        dims.add(from.dim(i));
      }
    }
    int[] at = new int[outer * wanted.length * inner];
    for (int i = 0; i < at.length; i++) {
      int index = wanted[i / inner % wanted.length];
      index += index < 0 ? extent : 0;
      at[i] = (i / inner / wanted.length * extent + index) * inner + i % inner;
    }
    Shape shape = new Shape(dims.stream().mapToLong(Long::longValue).toArray());
    return Positions.take(call.in(0), shape, at);
  }

  static Tensor concat(Call call) {
    int axis = call.axis(0, call.shape(0).rank());
    int count = call.node().inputs().size();
    long[] dims = call.shape(0).dims();
    dims[axis] = IntStream.range(0, count).mapToLong(i -> call.shape(i).dim(axis)).sum();
    Shape shape = new Shape(dims);
    int width = call.in(0).dtype().bits() / 8;
    Tensor made = Tensor.allocate(call.in(0).dtype(), shape);
    long before = 0;
    for (int i = 0; i < count; i++) {
      long row = call.shape(i).dim(axis) * shape.countAfter(axis) * width;
      long whole = shape.dim(axis) * shape.countAfter(axis) * width;
      for (long line = 0; row > 0 && line < call.in(i).byteSize() / row; line++) {
        java.lang.foreign.MemorySegment.copy(
            call.in(i).data(), line * row, made.data(), line * whole + before, row);
      }
      before += row;
    }
    return made;
  }

  static Tensor pad(Call call) {
    Shape from = call.shape(0);
    int[] given = call.ints(1);
    int[] axes = call.has(3) ? call.ints(3) : IntStream.range(0, from.rank()).toArray();
    int[] begins = new int[from.rank()];
    long[] dims = from.dims();
    for (int i = 0; i < axes.length; i++) {
      int axis = axes[i] < 0 ? axes[i] + dims.length : axes[i];
      begins[axis] = given[i];
      dims[axis] += given[i] + given[axes.length + i];
    }
    String mode = call.node().textAttribute("mode", "constant");
    IntUnaryOperator[] sources = new IntUnaryOperator[dims.length];
    for (int axis = 0; axis < sources.length; axis++) {
      int begin = begins[axis];
      int last = (int) from.dim(axis) - 1;
      sources[axis] =
          switch (mode) {
            case "constant" -> to -> to < begin || to - begin > last ? -1 : to - begin;
            case "edge" -> to -> Math.clamp(to - begin, 0, last);
            case "reflect" -> to -> last - Math.abs(last - Math.abs(to - begin));
            default -> throw call.unsupported("mode " + mode);
          };
    }
    Shape shape = new Shape(dims);
    int[] at = separately(from, shape, sources);
    Tensor made = Positions.take(call.in(0), shape, at);
    if (mode.equals("constant") && call.has(2)) {
      int width = made.dtype().bits() / 8;
      for (int i = 0; i < at.length; i++) {
        if (at[i] < 0) {
          made.data().asSlice((long) i * width, width).copyFrom(call.in(2).data());
        }
      }
    }
    return made;
  }

  static Tensor resize(Call call) {
    call.only("mode", "nearest");
    Shape from = call.shape(0);
    boolean isSized = call.has(3);
    long[] dims = from.dims();
    double[] scales = new double[dims.length];
    for (int axis = 0; axis < dims.length; axis++) {
      scales[axis] =
          isSized ? (double) call.ints(3)[axis] / dims[axis] : (double) call.floats(2)[axis];
      dims[axis] = isSized ? call.ints(3)[axis] : (long) Math.floor(dims[axis] * scales[axis]);
    }
    String coordinates = call.node().textAttribute("coordinate_transformation_mode", "half_pixel");
    String rounding = call.node().textAttribute("nearest_mode", "round_prefer_floor");
    IntUnaryOperator[] sources = new IntUnaryOperator[dims.length];
    for (int axis = 0; axis < sources.length; axis++) {
      double scale = scales[axis];
      int last = (int) from.dim(axis) - 1;
      sources[axis] =
          to -> {
            double at =
                switch (coordinates) {
                  case "half_pixel" -> (to + 0.5) / scale - 0.5;
                  case "asymmetric" -> to / scale;
                  default -> throw call.unsupported(coordinates);
                };
            double nearest =
                switch (rounding) {
                  case "round_prefer_floor" -> Math.ceil(at - 0.5);
                  case "round_prefer_ceil" -> Math.floor(at + 0.5);
                  case "floor" -> Math.floor(at);
                  case "ceil" -> Math.ceil(at);
                  default -> throw call.unsupported(rounding);
                };
            return Math.clamp((int) nearest, 0, last);
          };
    }
    Shape shape = new Shape(dims);
    return Positions.take(call.in(0), shape, separately(from, shape, sources));
  }

  /// Positions of elements whose coordinates are found axis by axis; -1 where one of them is.
  private static int[] separately(Shape from, Shape to, IntUnaryOperator[] sources) {
    int[] strides = from.strides();
    int[] at = new int[Math.toIntExact(to.count())];
    for (int i = 0; i < at.length; i++) {
      int left = i;
      for (int axis = sources.length - 1; axis >= 0; axis--) {
        int source = sources[axis].applyAsInt(left % (int) to.dim(axis));
        left /= (int) to.dim(axis);
        at[i] = source < 0 || at[i] < 0 ? -1 : at[i] + source * strides[axis];
      }
    }
    return at;
  }
}
