package dev.halftone.rewrite;

import dev.halftone.graph.Node;
import dev.halftone.integer.IntegerOp;
import dev.halftone.integer.Window;
import dev.halftone.scheme.Affine;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/// Operations whose output has the grid of their input: they move or select integers, or average them.
final class LowerMoves {

  private final IntegerDraft draft;

  LowerMoves(IntegerDraft draft) {
    this.draft = draft;
  }

  void lower(Node node) {
    switch (node.opType()) {
      case "MaxPool", "AveragePool" -> pool(node);
      case "GlobalMaxPool" -> globalMaxPool(node);
      case "Reshape", "Flatten", "Squeeze", "Unsqueeze" -> reshape(node);
      case "Transpose" -> transpose(node);
      case "Slice" -> slice(node);
      case "Split" -> split(node);
      case "Pad" -> pad(node);
      case "Resize" -> resize(node);
      case "DepthToSpace" -> depthToSpace(node);
      default -> throw new IllegalStateException("no kernel for " + node);
    }
  }

  private void pool(Node node) {
    IntegerValue given = draft.get(node.input(0));
    List<Long> kernel = node.intsAttribute("kernel_shape").orElseThrow();
    Window window = WindowAttributes.of(node, kernel, given.shape(), draft.shape(node.output()));
    IntegerValue in = draft.as(given, IntegerValue.channelsLast(4));
    if (node.is("MaxPool")) {
      IntegerValue out = draft.make(node.output(), IntegerValue.channelsLast(4));
      draft.ops.add(new IntegerOp.MaxPool(in.tensor(), out.tensor(), window));
      return;
    }
    boolean padded = window.top() > 0 || window.left() > 0 || reachesOver(node);
    if (node.intAttribute("count_include_pad", 0) != 0 && padded) {
      in = padded(in, node, window);
      window = unpadded(window);
    }
    IntegerValue out = draft.make(node.output(), IntegerValue.channelsLast(4));
    draft.ops.add(new IntegerOp.AveragePool(in.tensor(), out.tensor(), window));
  }

  private static boolean reachesOver(Node node) {
    return node.intsAttribute("pads")
        .filter(pads -> pads.get(2) > 0 || pads.get(3) > 0)
        .isPresent();
  }

  /// Zeros that count are put there before.
  private IntegerValue padded(IntegerValue in, Node node, Window window) {
    if (node.intAttribute("ceil_mode", 0) != 0) {
      throw IntegerDraft.unsupported(
          node,
          "counts padding and rounds its extents up",
          "the nearest forms that run in integers do one of both");
    }
    Shape out = draft.shape(node.output());
    int bottom = after(window.rows(), out.dim(2), in.shape().dim(2));
    int right = after(window.columns(), out.dim(3), in.shape().dim(3));
    return padded(
        in,
        node.input(0),
        new int[] {0, 0, window.top(), window.left()},
        new int[] {0, 0, bottom, right});
  }

  private static int after(Window.Axis axis, long out, long in) {
    return axis.after(Math.toIntExact(out), Math.toIntExact(in));
  }

  private static Window unpadded(Window window) {
    return new Window(window.rows().unpadded(), window.columns().unpadded());
  }

  private void globalMaxPool(Node node) {
    IntegerValue given = draft.get(node.input(0));
    List<Long> all = List.of(given.shape().dim(-2), given.shape().dim(-1));
    Window window =
        WindowAttributes.of(
            Node.of("MaxPool", node.name(), node.inputs(), node.outputs()),
            all,
            given.shape(),
            draft.shape(node.output()));
    IntegerValue in = draft.as(given, IntegerValue.channelsLast(4));
    IntegerValue out = draft.make(node.output(), IntegerValue.channelsLast(4));
    draft.ops.add(new IntegerOp.MaxPool(in.tensor(), out.tensor(), window));
  }

  private void reshape(Node node) {
    IntegerValue in = draft.get(node.input(0));
    Shape shape = draft.shape(node.output());
    if (in.isAlso(IntegerValue.plain(in.shape().rank()))) {
      // channels-last without extents is in order too; what comes next may want axes innermost that
      // are all but absent
      draft.put(node.output(), draft.reshaped(in, shape, node.output(), draft.gridOf(in)));
    } else if (shape.rank() == 2) {
      IntegerValue flat = draft.reshaped(in, shape, node.output(), draft.gridOf(in));
      draft.put(
          node.output(), new IntegerValue(flat.tensor(), shape, flat.order(), Optional.of(in)));
    } else {
      IntegerValue plain = draft.as(in, IntegerValue.plain(in.shape().rank()));
      draft.put(node.output(), draft.reshaped(plain, shape, node.output(), draft.gridOf(in)));
    }
  }

  /// Nothing moves: what reads it asks for the order that it wants.
  private void transpose(Node node) {
    IntegerValue in = draft.get(node.input(0));
    List<Integer> permutation =
        node.intsAttribute("perm")
            .map(perm -> perm.stream().map(Long::intValue).toList())
            .orElse(IntegerValue.plain(in.shape().rank()).reversed());
    List<Integer> order = in.order().stream().map(permutation::indexOf).toList();
    draft.put(
        node.output(),
        IntegerValue.of(in.tensor(), IntegerValue.permuted(in.shape(), permutation), order));
  }

  private void slice(Node node) {
    IntegerValue in = draft.get(node.input(0));
    int rank = in.shape().rank();
    int[] starts = constant(node, 1).orElseThrow();
    int[] axes = constant(node, 3).orElseGet(() -> upTo(starts.length));
    int[] steps = constant(node, 4).orElseGet(() -> ones(starts.length));
    int[] begin = new int[rank];
    int[] stride = ones(rank);
    for (int i = 0; i < axes.length; i++) {
      int axis = axes[i] < 0 ? axes[i] + rank : axes[i];
      long extent = in.shape().dim(axis);
      long start = starts[i] < 0 ? starts[i] + extent : starts[i];
      begin[axis] = (int) Math.max(0, Math.min(extent, start));
      stride[axis] = steps[i];
    }
    sliced(in, node.output(), begin, stride);
  }

  private void sliced(IntegerValue in, String output, int[] begin, int[] stride) {
    IntegerValue out = draft.make(output, in.order());
    draft.ops.add(
        new IntegerOp.Slice(in.tensor(), out.tensor(), in.arranged(begin), in.arranged(stride)));
  }

  private void split(Node node) {
    IntegerValue in = draft.get(node.input(0));
    int rank = in.shape().rank();
    int axis = (int) node.intAttribute("axis", 0);
    axis = axis < 0 ? axis + rank : axis;
    int at = 0;
    for (String output : node.outputs()) {
      int[] begin = new int[rank];
      begin[axis] = at;
      sliced(in, output, begin, ones(rank));
      at += (int) draft.shape(output).dim(axis);
    }
  }

  private void pad(Node node) {
    IntegerValue in = draft.get(node.input(0));
    int rank = in.shape().rank();
    int[] pads = constant(node, 1).orElseThrow();
    int[] axes = constant(node, 3).orElseGet(() -> upTo(rank));
    int[] before = new int[rank];
    int[] after = new int[rank];
    for (int i = 0; i < axes.length; i++) {
      int axis = axes[i] < 0 ? axes[i] + rank : axes[i];
      before[axis] = pads[i];
      after[axis] = pads[axes.length + i];
    }
    draft.put(node.output(), padded(in, node.output(), before, after));
  }

  private IntegerValue padded(IntegerValue in, String name, int[] before, int[] after) {
    long[] dims = in.shape().dims();
    for (int axis = 0; axis < dims.length; axis++) {
      dims[axis] += before[axis] + after[axis];
    }
    IntegerValue out = draft.make(name, new Shape(dims), in.order(), draft.gridOf(in));
    draft.ops.add(
        new IntegerOp.Pad(in.tensor(), out.tensor(), in.arranged(before), in.arranged(after)));
    return out;
  }

  private void resize(Node node) {
    IntegerValue given = draft.get(node.input(0));
    Shape in = given.shape();
    Shape out = draft.shape(node.output());
    boolean images = in.rank() == 4 && in.dim(0) == out.dim(0) && in.dim(1) == out.dim(1);
    if (!images || node.attributes().containsKey("axes")) {
      throw IntegerDraft.unsupported(
          node,
          "resizes " + in + " to " + out,
          "the nearest form that runs in integers resizes rows and columns of NCHW, all axes given");
    }
    Optional<float[]> scales =
        node.hasInput(2)
            ? draft.index.constant(node.input(2)).map(Tensor::toFloats)
            : Optional.empty();
    IntegerValue stored = draft.as(given, IntegerValue.channelsLast(4));
    IntegerValue made = draft.make(node.output(), IntegerValue.channelsLast(4));
    draft.ops.add(
        new IntegerOp.ResizeNearest(
            stored.tensor(),
            made.tensor(),
            NearestRows.of(
                node, in.dim(2), out.dim(2), scales.filter(s -> s.length == 4).map(s -> s[2])),
            NearestRows.of(
                node, in.dim(3), out.dim(3), scales.filter(s -> s.length == 4).map(s -> s[3]))));
  }

  /// Rows of a block change places with columns of blocks. Where the pixels of each channel come together (CRD), those of each pixel are
  /// brought together before.
  private void depthToSpace(Node node) {
    IntegerValue in = draft.as(draft.get(node.input(0)), IntegerValue.channelsLast(4));
    long block = node.intAttribute("blocksize", 1);
    long channels = in.shape().dim(1) / (block * block);
    long height = in.shape().dim(2);
    long width = in.shape().dim(3);
    Affine grid = draft.gridOf(in);
    if (node.textAttribute("mode", "DCR").equals("CRD")) {
      Shape byChannel = new Shape(height * width, channels, block * block);
      in = draft.as(draft.reshaped(in, byChannel, node.output(), grid), List.of(0, 2, 1));
    }
    Shape byPixel = new Shape(height, width, block, block * channels);
    IntegerValue parts = draft.reshaped(in, byPixel, node.output(), grid);
    IntegerValue laid = draft.as(parts, List.of(0, 2, 1, 3));
    IntegerValue out = draft.make(node.output(), IntegerValue.channelsLast(4));
    draft.ops.add(new IntegerOp.Reshape(laid.tensor(), out.tensor()));
  }

  private Optional<int[]> constant(Node node, int input) {
    return draft
        .index
        .constant(node.input(input))
        .filter(tensor -> tensor.dtype() == DType.INT64 || tensor.dtype() == DType.INT32)
        .map(LowerMoves::saturated);
  }

  /// Ends beyond every extent are common.
  private static int[] saturated(Tensor tensor) {
    return java.util.Arrays.stream(tensor.toLongs())
        .mapToInt(value -> (int) Math.clamp(value, Integer.MIN_VALUE, Integer.MAX_VALUE))
        .toArray();
  }

  private static int[] upTo(int count) {
    return java.util.stream.IntStream.range(0, count).toArray();
  }

  private static int[] ones(int count) {
    int[] ones = new int[count];
    java.util.Arrays.fill(ones, 1);
    return ones;
  }
}
