package dev.halftone.graph.shape;

import dev.halftone.graph.Dim;
import dev.halftone.graph.Dim.Known;
import dev.halftone.graph.TensorType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Operations that keep every element and give it another place, or repeat it.
final class LayoutShapes {

  private LayoutShapes() {}

  static Map<String, Rule> rules() {
    Map<String, Rule> rules = new HashMap<>();
    rules.put("Reshape", LayoutShapes::reshape);
    rules.put("Flatten", LayoutShapes::flatten);
    rules.put("Transpose", LayoutShapes::transpose);
    rules.put("Squeeze", LayoutShapes::squeeze);
    rules.put("Unsqueeze", LayoutShapes::unsqueeze);
    rules.put("Expand", call -> call.of(Dims.broadcast(call.dims(0), call.contentsOrUnknown(1))));
    rules.put("Tile", LayoutShapes::tile);
    rules.put("DepthToSpace", call -> moveBlocks(call, true));
    rules.put("SpaceToDepth", call -> moveBlocks(call, false));
    return rules;
  }

  /// A target may copy an extent (0), leave one to be computed (-1), and be known in part.
  private static List<TensorType> reshape(NodeInputs call) {
    if (call.fact(1).contents().isEmpty()) {
      Dim length = call.dim(1, 0);
      long rank = Dims.known(length).orElseThrow(CannotTell::new);
      return call.of(Dims.unknown(rank));
    }
    List<Dim> target = call.contents(1);
    boolean zeroCopies = call.node().intAttribute("allowzero", 0) == 0;
    List<Dim> dims = new ArrayList<>();
    int open = -1;
    int opens = 0;
    for (int i = 0; i < target.size(); i++) {
      Dim dim = target.get(i);
      if (Dims.is(dim, 0) && zeroCopies) {
        dim = call.type(0).rank() < 0 ? Dim.UNKNOWN : call.dims(0).get(i);
      }
      if (dim instanceof Known(long size) && size < 0) {
        dim = Dim.UNKNOWN;
      }
      if (dim instanceof Dim.Unknown) {
        open = i;
        opens++;
      }
      dims.add(dim);
    }
    if (opens == 1 && call.type(0).rank() >= 0) {
      List<Dim> others = new ArrayList<>(dims);
      others.remove(open);
      dims.set(open, Dims.quotient(call.dims(0), others));
    }
    return call.of(dims);
  }

  private static List<TensorType> flatten(NodeInputs call) {
    List<Dim> dims = call.dims(0);
    long axis = call.node().intAttribute("axis", 1);
    int cut = axis == dims.size() ? dims.size() : NodeInputs.axis(axis, dims.size());
    return call.of(
        List.of(Dims.product(dims.subList(0, cut)), Dims.product(dims.subList(cut, dims.size()))));
  }

  private static List<TensorType> transpose(NodeInputs call) {
    List<Dim> dims = call.dims(0);
    long[] reversed = new long[dims.size()];
    for (int i = 0; i < reversed.length; i++) {
      reversed[i] = reversed.length - 1 - i;
    }
    long[] order = call.longs("perm").orElse(reversed);
    if (order.length != dims.size()) {
      throw new CannotTell();
    }
    List<Dim> moved = new ArrayList<>();
    for (long axis : order) {
      moved.add(dims.get(NodeInputs.axis(axis, dims.size())));
    }
    return call.of(moved);
  }

  private static List<TensorType> squeeze(NodeInputs call) {
    List<Dim> dims = call.dims(0);
    Set<Integer> gone = new TreeSet<>();
    for (long axis : call.longs("axes", 1).orElseGet(() -> ones(dims))) {
      gone.add(NodeInputs.axis(axis, dims.size()));
    }
    List<Dim> left = new ArrayList<>();
    for (int i = 0; i < dims.size(); i++) {
      if (!gone.contains(i)) {
        left.add(dims.get(i));
      }
    }
    return call.of(left);
  }

  private static long[] ones(List<Dim> dims) {
    if (!dims.stream().allMatch(Dim::isKnown)) {
      throw new CannotTell();
    }
    return java.util.stream.LongStream.range(0, dims.size())
        .filter(i -> Dims.is(dims.get((int) i), 1))
        .toArray();
  }

  private static List<TensorType> unsqueeze(NodeInputs call) {
    List<Dim> dims = call.dims(0);
    long[] axes = call.longs("axes", 1).orElseThrow(CannotTell::new);
    int rank = dims.size() + axes.length;
    Set<Integer> fresh = new TreeSet<>();
    for (long axis : axes) {
      fresh.add(NodeInputs.axis(axis, rank));
    }
    if (fresh.size() != axes.length) {
      throw new CannotTell();
    }
    List<Dim> result = new ArrayList<>();
    int from = 0;
    for (int i = 0; i < rank; i++) {
      result.add(fresh.contains(i) ? Dims.ONE : dims.get(from++));
    }
    return call.of(result);
  }

  private static List<TensorType> tile(NodeInputs call) {
    List<Dim> dims = call.dims(0);
    List<Dim> repeats = call.fact(1).contents().orElse(Dims.unknown(dims.size()));
    List<Dim> tiled = new ArrayList<>();
    for (int i = 0; i < dims.size(); i++) {
      tiled.add(Dims.multiply(dims.get(i), repeats.get(i)));
    }
    return call.of(tiled);
  }

  private static List<TensorType> moveBlocks(NodeInputs call, boolean toSpace) {
    List<Dim> dims = call.dims(0); // N, C, H, W
    Dim block = Dim.of(call.node().intAttribute("blocksize", 1));
    Dim area = Dims.multiply(block, block);
    Dim channels = dims.get(1);
    Dim height = dims.get(2);
    Dim width = dims.get(3);
    return call.of(
        toSpace
            ? List.of(
                dims.getFirst(),
                Dims.divide(channels, area),
                Dims.multiply(height, block),
                Dims.multiply(width, block))
            : List.of(
                dims.getFirst(),
                Dims.multiply(channels, area),
                Dims.divide(height, block),
                Dims.divide(width, block)));
  }
}
