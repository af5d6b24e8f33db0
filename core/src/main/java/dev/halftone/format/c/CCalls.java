package dev.halftone.format.c;

import dev.halftone.integer.IntegerGraph;
import dev.halftone.integer.IntegerOp;
import dev.halftone.integer.IntegerTensor;
import dev.halftone.integer.Window;
import java.util.List;
import java.util.Optional;

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
  private final CMoves moves;

  CCalls(IntegerGraph graph, CArena arena, int[] roots, CConstants constants, CKernels kernels) {
    this.graph = graph;
    this.arena = arena;
    this.ports = new CPorts(graph);
    this.roots = roots;
    this.constants = constants;
    this.kernels = kernels;
    this.layers = new CLayers(constants);
    this.numbers = new CNumbers(graph, constants);
    this.moves = new CMoves(graph, constants, kernels);
  }

  /// A line of C; empty where the operation costs nothing.
  Optional<String> of(IntegerOp op) {
    String x = at(op.inputs().getFirst());
    String y = at(op.output());
    return op instanceof IntegerOp.Reshape && x.equals(y)
        ? Optional.empty()
        : Optional.of(of(op, x, y));
  }

  /// @param x where its first input lies
  /// @param y where its output lies
  private String of(IntegerOp op, String x, String y) {
    IntegerTensor in = graph.tensor(op.inputs().getFirst());
    IntegerTensor out = graph.tensor(op.output());
    return switch (op) {
      case IntegerOp.Conv conv ->
          convolution(
              new CLayer(conv, conv.window(), conv.groups(), conv.weights(), in, out), x, y);
      case IntegerOp.FullyConnected full ->
          convolution(new CLayer(full, Window.ONE, 1, full.weights(), in.rows(), out.rows()), x, y);
      case IntegerOp.DepthwiseConv conv when in.isWide() ->
          convolution(
              new CLayer(conv, conv.window(), in.dim(3), conv.weights().outputsFirst(), in, out),
              x,
              y);
      case IntegerOp.DepthwiseConv conv ->
          layer("depthwise", new CLayer(conv, conv.window(), 1, conv.weights(), in, out), x, y);
      case IntegerOp.Sum sum ->
          pair("add", sum, List.of(sum.clamp().min(), sum.clamp().max(), sum.sign()), x, y);
      case IntegerOp.Mul mul ->
          pair("mul", mul, List.of(mul.clamp().min(), mul.clamp().max()), x, y);
      case IntegerOp.PRelu prelu ->
          kernels.call(
              "prelu",
              numbers.of("prelu", prelu, List.of(), List.of()),
              numbers.broadcast(prelu),
              x,
              at(prelu.slope()),
              y);
      case IntegerOp.MatMul product ->
          kernels.call(
              "matmul",
              numbers.of("matmul", product, extents(product), List.of()),
              numbers.matrices(product),
              x,
              at(product.second()),
              y);
      case IntegerOp.Softmax softmax ->
          kernels.call(
              "softmax",
              x,
              y,
              in.count() / in.dim(-1),
              in.dim(-1),
              softmax.scale().multiplier(),
              softmax.scale().shift(),
              softmax.leastDifference());
      case IntegerOp.Rescale rescale ->
          kernels.call(
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
          kernels.call("lookup", x, y, out.count(), constants.int8("table", lookup.table()));
      case IntegerOp.MaxPool pool -> pool("max_pool", pool.window(), in, out, x, y);
      case IntegerOp.AveragePool pool -> pool("average_pool", pool.window(), in, out, x, y);
      case IntegerOp.Mean mean ->
          kernels.call(
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
        yield kernels.call("arg_max", in, in, x, y, out.count() / inner, in.dim(arg.axis()), inner);
      }
      case IntegerOp.Concat concat -> moves.concat(concat, this::at, y);
      case IntegerOp.Pad pad -> moves.pad(pad, x, y);
      case IntegerOp.Transpose transpose -> moves.transpose(transpose, x, y);
      case IntegerOp.Slice slice -> moves.slice(slice, x, y);
      case IntegerOp.ResizeNearest resize ->
          kernels.call(
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
      case IntegerOp.Reshape _ -> "memcpy(%s, %s, %d);".formatted(y, x, out.bytes());
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

  private String convolution(CLayer layer, String x, String y) {
    if (FourBits.fit(graph, layer.op())) {
      String packed = layers.of(layer, FourBits.packed(layer.weights()));
      return kernels.call("conv4", packed, x, y, arena.atScratch());
    }
    return layer.in().isWide()
        ? kernels.call("conv16", layers.of(layer, layer.weights().values()), x, y)
        : layer("conv", layer, x, y);
  }

  private String layer(String kernel, CLayer layer, String x, String y) {
    String numbers = layers.of(layer, layer.weights().values());
    String own = kernels.call(kernel, numbers, x, y);
    if (!CmsisNn.runs(graph, layer.op())) {
      return own;
    }
    kernels.use("cmsis_nn");
    return "HT_LAYER(%s, %s, %s, %s);".formatted(kernel, numbers, x, y);
  }

  /// A kernel of two tensors that there is for several types, on shapes that broadcast.
  ///
  /// @param behind the last numbers of its structure
  private String pair(String kernel, IntegerOp.OfTwo op, List<Integer> behind, String x, String y) {
    return kernels.call(
        kernel,
        graph.tensor(op.first()),
        graph.tensor(op.output()),
        numbers.of(kernel, op, List.of(), behind),
        numbers.broadcast(op),
        x,
        at(op.second()),
        y);
  }

  /// Rows, what is summed over, and columns.
  private List<Integer> extents(IntegerOp.MatMul product) {
    IntegerTensor first = graph.tensor(product.first());
    return List.of(first.dim(-2), first.dim(-1), graph.tensor(product.second()).dim(-1));
  }

  private String pool(
      String kernel, Window window, IntegerTensor in, IntegerTensor out, String x, String y) {
    String numbers =
        "{%s, %d, %d, %s}"
            .formatted(CLayers.image(in), out.dim(1), out.dim(2), CLayers.window(window));
    return kernels.call(
        kernel, in, out, "&" + constants.struct("ht_pool", 36, "pool", numbers), x, y);
  }
}
