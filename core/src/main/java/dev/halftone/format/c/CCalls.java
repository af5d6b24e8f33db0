package dev.halftone.format.c;

import dev.halftone.integer.Clamp;
import dev.halftone.integer.IntegerGraph;
import dev.halftone.integer.IntegerOp;
import dev.halftone.integer.IntegerTensor;
import dev.halftone.integer.Weights;
import dev.halftone.integer.Window;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// Each operation as the call of a kernel.
final class CCalls {

  private final IntegerGraph graph;
  private final CArena arena;
  private final CPorts ports;
  private final int[] roots;
  private final CConstants constants;
  private final CKernels kernels;
  private final CLayers layers;
  private final CNumbers numbers;

  CCalls(IntegerGraph graph, CArena arena, int[] roots, CConstants constants, CKernels kernels) {
    this.graph = graph;
    this.arena = arena;
    this.ports = new CPorts(graph);
    this.roots = roots;
    this.constants = constants;
    this.kernels = kernels;
    this.layers = new CLayers(constants);
    this.numbers = new CNumbers(graph, constants);
  }

  /// A line of C; empty where the operation costs nothing.
  Optional<String> of(IntegerOp op) {
    IntegerTensor in = graph.tensor(op.inputs().getFirst());
    IntegerTensor out = graph.tensor(op.output());
    String x = at(op.inputs().getFirst());
    String y = at(op.output());
    return switch (op) {
      case IntegerOp.Conv conv ->
          convolution(
              op, conv.window(), conv.groups(), conv.weights(), conv.clamp(), in, out, x, y);
      case IntegerOp.FullyConnected full ->
          convolution(op, Window.ONE, 1, full.weights(), full.clamp(), in.rows(), out.rows(), x, y);
      case IntegerOp.DepthwiseConv conv when in.isWide() ->
          convolution(
              op,
              conv.window(),
              in.dim(3),
              conv.weights().outputsFirst(),
              conv.clamp(),
              in,
              out,
              x,
              y);
      case IntegerOp.DepthwiseConv conv -> {
        Weights weights = conv.weights();
        String layer =
            layers.of(conv.window(), 1, weights, weights.values(), conv.clamp(), in, out);
        yield layer("depthwise", op, layer, x, y);
      }
      case IntegerOp.Sum sum ->
          typed("add", in, out, numbers.of(sum), numbers.broadcast(op), x, at(sum.second()), y);
      case IntegerOp.Mul mul ->
          typed("mul", in, out, numbers.of(mul), numbers.broadcast(op), x, at(mul.second()), y);
      case IntegerOp.PRelu prelu ->
          call("prelu", numbers.of(prelu), numbers.broadcast(op), x, at(prelu.slope()), y);
      case IntegerOp.MatMul product ->
          call(
              "matmul", numbers.of(product), numbers.matrices(product), x, at(product.second()), y);
      case IntegerOp.Softmax softmax ->
          call(
              "softmax",
              x,
              y,
              in.count() / in.dim(-1),
              in.dim(-1),
              CNumbers.factor(softmax.scale()),
              softmax.leastDifference());
      case IntegerOp.Rescale rescale ->
          typed(
              "requantize",
              in,
              out,
              x,
              y,
              out.count(),
              in.zeroPoint(),
              out.zeroPoint(),
              rescale.rescale().multiplier(),
              rescale.rescale().shift(),
              rescale.clamp().min(),
              rescale.clamp().max());
      case IntegerOp.Lookup lookup ->
          call("lookup", x, y, out.count(), constants.int8("table", lookup.table()));
      case IntegerOp.MaxPool pool -> pool("max_pool", pool.window(), in, out, x, y);
      case IntegerOp.AveragePool pool -> pool("average_pool", pool.window(), in, out, x, y);
      case IntegerOp.Mean mean ->
          typed(
              "mean",
              in,
              out,
              x,
              y,
              in.dim(1) * in.dim(2),
              in.dim(3),
              in.zeroPoint(),
              out.zeroPoint(),
              mean.multiplier().multiplier(),
              mean.multiplier().shift());
      case IntegerOp.ArgMax arg -> {
        int inner = in.shape().strides()[arg.axis()];
        yield typed("arg_max", in, in, x, y, out.count() / inner, in.dim(arg.axis()), inner);
      }
      case IntegerOp.Concat concat -> Optional.of(concat(concat, out, y));
      case IntegerOp.Pad pad -> {
        int[] strides = out.shape().strides();
        int origin = dot(pad.before(), strides);
        yield Optional.of(
            "memset(%s, %d, %d);%n    %s"
                .formatted(y, in.zeroPoint(), out.bytes(), place(in, strides, x, y, origin)));
      }
      case IntegerOp.Transpose transpose -> {
        int[] strides = in.shape().strides();
        int[] step = transpose.order().stream().mapToInt(axis -> strides[axis]).toArray();
        yield pick(out, step, x, y, 0);
      }
      case IntegerOp.Slice slice -> {
        int[] strides = in.shape().strides();
        int[] step = new int[strides.length];
        for (int axis = 0; axis < step.length; axis++) {
          step[axis] = strides[axis] * slice.stride().get(axis);
        }
        yield pick(out, step, x, y, dot(slice.begin(), strides));
      }
      case IntegerOp.ResizeNearest resize ->
          typed(
              "resize",
              in,
              out,
              x,
              y,
              constants.int16("rows", resize.rows()),
              resize.rows().size(),
              constants.int16("columns", resize.columns()),
              resize.columns().size(),
              in.dim(2),
              in.dim(3));
      case IntegerOp.Reshape _ ->
          x.equals(y)
              ? Optional.empty()
              : Optional.of("memcpy(%s, %s, %d);".formatted(y, x, out.bytes()));
    };
  }

  /// Where a tensor's integers lie, as an expression.
  private String at(int tensor) {
    int root = roots[tensor];
    return ports.of(root).orElseGet(() -> stored(root));
  }

  private String stored(int root) {
    IntegerTensor stored = graph.tensor(root);
    return stored
        .constant()
        .map(values -> constants.tensor("constant", stored, values))
        .orElseGet(() -> arena.at(root, stored));
  }

  private Optional<String> convolution(
      IntegerOp op,
      Window window,
      int groups,
      Weights weights,
      Clamp clamp,
      IntegerTensor in,
      IntegerTensor out,
      String x,
      String y) {
    if (FourBits.fit(graph, op)) {
      byte[] packed = FourBits.packed(weights);
      String layer = layers.of(window, groups, weights, packed, clamp, in, out);
      return call("conv4", layer, x, y, arena.atScratch());
    }
    String layer = layers.of(window, groups, weights, weights.values(), clamp, in, out);
    return in.isWide() ? call("conv16", layer, x, y) : layer("conv", op, layer, x, y);
  }

  private Optional<String> layer(String kernel, IntegerOp op, String layer, String x, String y) {
    Optional<String> own = call(kernel, layer, x, y);
    if (!CmsisNn.runs(graph, op)) {
      return own;
    }
    kernels.use("cmsis_nn");
    return Optional.of("HT_LAYER(%s, %s, %s, %s);".formatted(kernel, layer, x, y));
  }

  private Optional<String> call(String kernel, Object... arguments) {
    kernels.use(kernel);
    return written(kernel, arguments);
  }

  private static Optional<String> written(String kernel, Object... arguments) {
    String list = Arrays.stream(arguments).map(CCalls::argument).collect(Collectors.joining(", "));
    return Optional.of("ht_" + kernel + "(" + list + ");");
  }

  /// A kernel that there is for several types of integers.
  private Optional<String> typed(
      String kernel, IntegerTensor in, IntegerTensor out, Object... arguments) {
    return written(kernels.use(kernel, in, out), arguments);
  }

  private static String argument(Object value) {
    return String.valueOf(value);
  }

  private Optional<String> pool(
      String kernel, Window window, IntegerTensor in, IntegerTensor out, String x, String y) {
    String numbers =
        "{%s, %d, %d, %s}"
            .formatted(CLayers.image(in), out.dim(1), out.dim(2), CLayers.window(window));
    return typed(kernel, in, out, "&" + constants.struct("ht_pool", 36, "pool", numbers), x, y);
  }

  private Optional<String> pick(IntegerTensor out, int[] step, String x, String y, int origin) {
    Axes axes = Axes.of(out.shape(), step, out.shape().strides());
    return typed(
        "pick",
        out,
        out,
        x + " + " + origin,
        y,
        constants.int32("extent", axes.extent()),
        constants.int32("step", axes.first()));
  }

  private String place(IntegerTensor in, int[] strides, String x, String y, int origin) {
    Axes axes = Axes.of(in.shape(), strides, in.shape().strides());
    return typed(
            "place",
            in,
            in,
            x,
            y + " + " + origin,
            constants.int32("extent", axes.extent()),
            constants.int32("step", axes.first()))
        .orElseThrow();
  }

  private String concat(IntegerOp.Concat concat, IntegerTensor out, String y) {
    int[] strides = out.shape().strides();
    StringBuilder lines = new StringBuilder();
    int at = 0;
    for (int input : concat.inputs()) {
      IntegerTensor part = graph.tensor(input);
      lines.append(lines.isEmpty() ? "" : "\n    ");
      lines.append(place(part, strides, at(input), y, at * strides[concat.axis()]));
      at += part.dim(concat.axis());
    }
    return lines.toString();
  }

  private static int dot(List<Integer> counts, int[] strides) {
    int sum = 0;
    for (int axis = 0; axis < strides.length; axis++) {
      sum += counts.get(axis) * strides[axis];
    }
    return sum;
  }
}
