package dev.halftone.graph.shape;

import dev.halftone.graph.Dim;
import dev.halftone.graph.Dim.Known;
import dev.halftone.graph.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Operations that cut tensors, pick from them, put them together or put something around them.
final class Pieces {

  private Pieces() {}

  static Map<String, Rule> rules() {
    Map<String, Rule> rules = new HashMap<>();
    rules.put("Slice", Pieces::slice);
    rules.put("Pad", Pieces::pad);
    rules.put("Concat", call -> concat(call, 0, 1));
    rules.put("com.microsoft.QLinearConcat", call -> concat(call, 2, 3));
    rules.put("Split", Pieces::split);
    rules.put("Gather", Pieces::gather);
    rules.put("GatherElements", call -> call.of(call.dims(1)));
    rules.put("GatherND", Pieces::gatherNd);
    rules.put("OneHot", Pieces::oneHot);
    rules.put("GridSample", Pieces::gridSample);
    return rules;
  }

  private static List<TensorType> slice(NodeInputs call) {
    List<Dim> dims = new ArrayList<>(call.dims(0));
    boolean attributes = call.opset() < 10;
    List<Dim> starts = attributes ? attribute(call, "starts") : call.contentsOrUnknown(1);
    List<Dim> ends = attributes ? attribute(call, "ends") : call.contentsOrUnknown(2);
    if (call.has(3) && !attributes && call.fact(3).contents().isEmpty()) {
      return call.of(Dims.unknown(dims.size()));
    }
    long[] axes =
        (attributes ? call.longs("axes") : call.longs("", 3))
            .orElse(java.util.stream.LongStream.range(0, starts.size()).toArray());
    long[] steps = new long[axes.length];
    Arrays.fill(steps, 1);
    boolean stepped = !attributes && call.has(4);
    boolean open = stepped && call.fact(4).contents().isEmpty();
    steps = stepped && !open ? call.longs(4) : steps;
    for (int i = 0; i < axes.length; i++) {
      int axis = NodeInputs.axis(axes[i], dims.size());
      dims.set(
          axis, open ? Dim.UNKNOWN : cut(dims.get(axis), starts.get(i), ends.get(i), steps[i]));
    }
    return call.of(dims);
  }

  private static List<Dim> attribute(NodeInputs call, String name) {
    return Arrays.stream(call.longs(name).orElseThrow(CannotTell::new)).mapToObj(Dim::of).toList();
  }

  /// What is left of an extent between `start` and `end`, each of which counts from the end where it is negative.
  static Dim cut(Dim dim, Dim start, Dim end, long step) {
    if (step == 1 && Dims.is(start, 0)) {
      boolean whole = end instanceof Known(long to) && to >= Integer.MAX_VALUE;
      if (whole || Dims.same(end, dim)) {
        return dim;
      }
      if (end instanceof Dim.Named && dim.isKnown()) {
        return end; // a table of positions, cut to the length of this input; a longer input does
        // not run
      }
    }
    if (dim instanceof Known(long size)
        && start instanceof Known(long from)
        && end instanceof Known(long to)
        && step != 0) {
      long low = step > 0 ? 0 : -1;
      long high = step > 0 ? size : size - 1;
      long first = Math.clamp(from < 0 ? from + size : from, step > 0 ? 0 : 0, high);
      long last = Math.clamp(to < 0 ? Math.max(to, -size - 1) + size : to, low, high);
      long room = step > 0 ? last - first : first - last;
      return Dim.of(Math.max(0, Math.ceilDiv(room, Math.abs(step))));
    }
    return Dim.UNKNOWN;
  }

  private static List<TensorType> pad(NodeInputs call) {
    List<Dim> dims = new ArrayList<>(call.dims(0));
    if (call.opset() >= 11 && call.fact(1).contents().isEmpty()) {
      return call.of(Dims.unknown(dims.size()));
    }
    List<Dim> pads = call.opset() < 11 ? attribute(call, "pads") : call.contents(1);
    long[] axes =
        (call.opset() < 18 ? java.util.Optional.<long[]>empty() : call.longs("", 3))
            .orElse(java.util.stream.LongStream.range(0, dims.size()).toArray());
    if (pads.size() != 2 * axes.length) {
      throw new CannotTell();
    }
    for (int i = 0; i < axes.length; i++) {
      int axis = NodeInputs.axis(axes[i], dims.size());
      Dim both = Dims.add(pads.get(i), pads.get(i + axes.length));
      dims.set(axis, Dims.add(dims.get(axis), both));
    }
    return call.of(dims);
  }

  /// Inputs to put together stand at `first`, `first + stride`, ...
  private static List<TensorType> concat(NodeInputs call, int first, int stride) {
    List<Dim> dims = new ArrayList<>(call.dims(first));
    int axis = call.axis("axis", 1, dims.size());
    for (int i = first + stride; i < call.inputs(); i += stride) {
      List<Dim> other = call.dims(i);
      if (other.size() != dims.size()) {
        throw new CannotTell();
      }
      for (int j = 0; j < dims.size(); j++) {
        dims.set(
            j,
            j == axis
                ? Dims.add(dims.get(j), other.get(j))
                : Dims.merge(dims.get(j), other.get(j)));
      }
    }
    // of quantized inputs the result's zero point stands second
    return List.of(TensorType.of(call.dtype(first == 0 ? 0 : 1), dims));
  }

  private static List<TensorType> split(NodeInputs call) {
    List<Dim> dims = call.dims(0);
    int axis = call.axis("axis", 0, dims.size());
    Dim whole = dims.get(axis);
    int parts = call.node().outputs().size();
    List<Dim> sizes =
        call.opset() < 13
            ? call.longs("split").isPresent() ? attribute(call, "split") : List.of()
            : call.has(1) ? call.contentsOrUnknown(1) : List.of();
    List<TensorType> pieces = new ArrayList<>();
    for (int i = 0; i < parts; i++) {
      Dim size = sizes.size() == parts ? sizes.get(i) : share(whole, parts, i);
      pieces.add(TensorType.of(call.dtype(0), NodeInputs.with(dims, axis, size)));
    }
    return pieces;
  }

  /// Shares are equal; of an extent that does not divide, the last is smaller.
  private static Dim share(Dim whole, int parts, int index) {
    if (!(whole instanceof Known(long size))) {
      return parts == 1 ? whole : Dim.UNKNOWN;
    }
    long share = Math.ceilDiv(size, (long) parts);
    return Dim.of(index < parts - 1 ? share : size - share * (parts - 1));
  }

  private static List<TensorType> gather(NodeInputs call) {
    List<Dim> dims = call.dims(0);
    int axis = call.axis("axis", 0, dims.size());
    List<Dim> result = new ArrayList<>(dims.subList(0, axis));
    result.addAll(call.dims(1));
    result.addAll(dims.subList(axis + 1, dims.size()));
    return call.of(result);
  }

  private static List<TensorType> gatherNd(NodeInputs call) {
    List<Dim> dims = call.dims(0);
    List<Dim> indices = call.dims(1);
    int batch = Math.toIntExact(call.node().intAttribute("batch_dims", 0));
    int depth = Math.toIntExact(Dims.known(indices.getLast()).orElseThrow(CannotTell::new));
    List<Dim> result = new ArrayList<>(indices.subList(0, indices.size() - 1));
    result.addAll(dims.subList(batch + depth, dims.size()));
    return call.of(result);
  }

  private static List<TensorType> oneHot(NodeInputs call) {
    List<Dim> result = new ArrayList<>(call.dims(0));
    int axis = call.axis("axis", -1, result.size() + 1);
    result.add(axis, call.fact(1).contents().map(List::getFirst).orElse(Dim.UNKNOWN));
    return List.of(TensorType.of(call.dtype(2), result));
  }

  /// The grid is `[N][positions...][coordinates]`.
  private static List<TensorType> gridSample(NodeInputs call) {
    List<Dim> grid = call.dims(1);
    List<Dim> result = new ArrayList<>(call.dims(0).subList(0, 2));
    result.addAll(grid.subList(1, grid.size() - 1));
    return call.of(result);
  }
}
