package dev.halftone.graph.shape;

import dev.halftone.graph.Dim;
import java.util.ArrayList;
import java.util.List;

/// Gather, Slice and Transpose on the elements of shape data; paddings come as matrices `[axes][front, back]`.
final class Picks {

  private Picks() {}

  static List<Dim> gather(NodeInputs call) {
    List<Dim> from = call.contents(0);
    if (call.rank(0) != 1) {
      throw new CannotTell();
    }
    List<Dim> picked = new ArrayList<>();
    for (long index : call.longs(1)) {
      picked.add(from.get(NodeInputs.axis(index, from.size())));
    }
    return picked;
  }

  /// Along one axis.
  static List<Dim> slice(NodeInputs call) {
    List<Dim> from = call.contents(0);
    long[] shape = extents(call);
    boolean attributes = call.opset() < 10;
    long[] starts = attributes ? call.longs("starts").orElseThrow(CannotTell::new) : call.longs(1);
    long[] ends = attributes ? call.longs("ends").orElseThrow(CannotTell::new) : call.longs(2);
    long[] axes = (attributes ? call.longs("axes") : call.longs("", 3)).orElse(new long[] {0});
    long step = !attributes && call.has(4) ? call.scalar(4) : 1;
    if (starts.length != 1 || ends.length != 1 || axes.length != 1) {
      throw new CannotTell();
    }
    int axis = NodeInputs.axis(axes[0], shape.length);
    long size = shape[axis];
    Dim length = Pieces.cut(Dim.of(size), Dim.of(starts[0]), Dim.of(ends[0]), step);
    long start = starts[0] < 0 ? starts[0] + size : starts[0];
    long first = Math.clamp(start, 0, step > 0 ? size : size - 1);
    long inner = 1;
    for (int i = axis + 1; i < shape.length; i++) {
      inner *= shape[i];
    }
    long outer = size == 0 ? 0 : from.size() / (inner * size);
    List<Dim> cut = new ArrayList<>();
    for (long o = 0; o < outer; o++) {
      for (long k = 0; k < Dims.known(length).orElseThrow(CannotTell::new); k++) {
        for (long i = 0; i < inner; i++) {
          cut.add(from.get(Math.toIntExact((o * size + first + k * step) * inner + i)));
        }
      }
    }
    return cut;
  }

  /// Of a matrix.
  static List<Dim> transpose(NodeInputs call) {
    List<Dim> from = call.contents(0);
    long[] shape = extents(call);
    long[] order = call.longs("perm").orElse(new long[] {1, 0});
    if (shape.length != 2 || order.length != 2 || order[0] != 1) {
      throw new CannotTell();
    }
    List<Dim> turned = new ArrayList<>();
    for (long column = 0; column < shape[1]; column++) {
      for (long row = 0; row < shape[0]; row++) {
        turned.add(from.get((int) (row * shape[1] + column)));
      }
    }
    return turned;
  }

  private static long[] extents(NodeInputs call) {
    return call.dims(0).stream()
        .mapToLong(dim -> Dims.known(dim).orElseThrow(CannotTell::new))
        .toArray();
  }
}
