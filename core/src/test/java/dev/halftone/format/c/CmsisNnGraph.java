package dev.halftone.format.c;

import dev.halftone.integer.Clamp;
import dev.halftone.integer.IntegerGraph;
import dev.halftone.integer.IntegerOp;
import dev.halftone.integer.IntegerTensor;
import dev.halftone.integer.Made;
import dev.halftone.integer.SumRescale;
import dev.halftone.integer.Weights;
import dev.halftone.integer.Window;
import dev.halftone.prepare.SubPixels;
import dev.halftone.scheme.Affine;
import dev.halftone.scheme.FixedPoint;
import dev.halftone.scheme.QuantizedType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/// The integer graph of a case of CMSIS-NN's unit tests, operation by operation.
final class CmsisNnGraph {

  private final List<IntegerTensor> tensors = new ArrayList<>();
  private final List<IntegerOp> ops = new ArrayList<>();
  private final boolean wide;
  private int inputs;

  /// @param wide whether activations are int16
  CmsisNnGraph(boolean wide) {
    this.wide = wide;
  }

  private IntegerTensor tensor(int zeroPoint, int... dims) {
    Affine grid = wide ? new Affine(QuantizedType.INT16, 1, zeroPoint) : Made.grid(1, zeroPoint);
    long[] shape = Arrays.stream(dims).asLongStream().toArray();
    return Made.tensor("t" + tensors.size(), grid, shape);
  }

  CmsisNnGraph start(int... dims) {
    return start(0, dims);
  }

  CmsisNnGraph start(int zeroPoint, int[] dims) {
    tensors.add(tensor(zeroPoint, dims));
    inputs++;
    return this;
  }

  private int last() {
    return tensors.size() - 1;
  }

  private void op(IntegerOp op, int zeroPoint, int... dims) {
    tensors.add(tensor(zeroPoint, dims));
    ops.add(op);
  }

  IntegerGraph graph() {
    return Made.chain(tensors, ops, inputs);
  }

  void weighted(CmsisNnData data, boolean depthwise) {
    if (data.has("FILTER_X")) {
      if (tensors.isEmpty()) {
        start(
            -data.number("INPUT_OFFSET"),
            new int[] {1, data.number("INPUT_H"), data.number("INPUT_W"), data.number("IN_CH")});
      }
      convolve(data, depthwise);
    } else {
      int depth = data.number("ACCUMULATION_DEPTH", data.number("IN_CH"));
      if (tensors.isEmpty()) {
        start(-data.number("INPUT_OFFSET"), new int[] {1, depth});
      }
      full(data, depth, data.number("OUT_CH"));
    }
  }

  private void convolve(CmsisNnData data, boolean depthwise) {
    Window window =
        new Window(
            new Window.Axis(
                data.number("FILTER_Y"),
                data.number("STRIDE_Y"),
                data.number("DILATION_Y"),
                data.number("PAD_Y")),
            new Window.Axis(
                data.number("FILTER_X"),
                data.number("STRIDE_X"),
                data.number("DILATION_X"),
                data.number("PAD_X")));
    int into = tensors.getLast().dim(3);
    int outC = data.number("OUT_CH");
    int depth = depthwise ? 1 : data.number("FILTER_CH", into);
    Weights weights = weights(data, outC, depth * window.taps());
    Clamp clamp = clamp(data);
    op(
        depthwise
            ? new IntegerOp.DepthwiseConv(last(), last() + 1, window, weights, clamp)
            : new IntegerOp.Conv(last(), last() + 1, window, into / depth, weights, clamp),
        data.number("OUTPUT_OFFSET"),
        1,
        data.number("OUTPUT_H"),
        data.number("OUTPUT_W"),
        outC);
  }

  /// As a convolution that makes the pixels of a block in channels, which are laid side by side.
  void transposed(CmsisNnData data) {
    int inC = data.number("IN_CH");
    int outC = data.number("OUT_CH");
    start(
        -data.number("INPUT_OFFSET"),
        new int[] {1, data.number("INPUT_H"), data.number("INPUT_W"), inC});
    SubPixels parts = SubPixels.of(transposed(data, "H", "Y"), transposed(data, "W", "X"));
    int block = parts.block();
    int rows = Math.ceilDiv(data.number("OUTPUT_H"), block);
    int columns = Math.ceilDiv(data.number("OUTPUT_W"), block);
    int zeroPoint = data.number("OUTPUT_OFFSET");
    Window window =
        new Window(
            new Window.Axis(parts.rows().extent(), parts.rows().stride(), 1, parts.rows().before()),
            new Window.Axis(
                parts.columns().extent(), parts.columns().stride(), 1, parts.columns().before()));
    op(
        new IntegerOp.Conv(0, 1, window, 1, parted(data, parts, window, inC, outC), clamp(data)),
        zeroPoint,
        1,
        rows,
        columns,
        block * block * outC);
    op(new IntegerOp.Reshape(1, 2), zeroPoint, rows, columns, block, block * outC);
    op(
        new IntegerOp.Transpose(2, 3, List.of(0, 2, 1, 3)),
        zeroPoint,
        rows,
        block,
        columns,
        block * outC);
    op(new IntegerOp.Reshape(3, 4), zeroPoint, 1, rows * block, columns * block, outC);
    op(
        new IntegerOp.Slice(4, 5, List.of(0, 0, 0, 0), List.of(1, 1, 1, 1)),
        zeroPoint,
        1,
        data.number("OUTPUT_H"),
        data.number("OUTPUT_W"),
        outC);
  }

  private static SubPixels.Transposed transposed(CmsisNnData data, String extent, String axis) {
    return new SubPixels.Transposed(
        data.number("INPUT_" + extent),
        data.number("OUTPUT_" + extent),
        data.number("FILTER_" + axis),
        data.number("STRIDE_" + axis),
        data.number("DILATION_" + axis),
        data.number("PAD_" + axis));
  }

  /// Weights, biases and factors of a transposed convolution, `[outC][k][k][inC]`, for each pixel of a block.
  private static Weights parted(
      CmsisNnData data, SubPixels parts, Window window, int inC, int outC) {
    int kernelRows = data.number("FILTER_Y");
    int kernelColumns = data.number("FILTER_X");
    int kernel = kernelRows * kernelColumns;
    Weights given = weights(data, outC, kernel * inC);
    int made = outC * parts.pixels();
    int[] positions = parts.weights(inC, outC, 1, kernelRows, kernelColumns);
    byte[] values = new byte[positions.length];
    for (int i = 0; i < values.length; i++) {
      int to = (i / window.taps() / inC * window.taps() + i % window.taps()) * inC;
      int from = positions[i] % (outC * kernel); // of this input channel
      if (positions[i] >= 0) {
        values[to + i / window.taps() % inC] =
            given.values()[from * inC + positions[i] / (outC * kernel)];
      }
    }
    List<FixedPoint> rescale =
        IntStream.range(0, made)
            .mapToObj(c -> given.rescale().get(parts.channel(c, outC, 1)))
            .toList();
    int[] bias = IntStream.range(0, made).map(c -> given.bias()[c % outC]).toArray();
    return new Weights(values, bias, rescale, new float[made]);
  }

  private void full(CmsisNnData data, int depth, int outputs) {
    op(
        new IntegerOp.FullyConnected(
            last(), last() + 1, weights(data, outputs, depth), clamp(data)),
        data.number("OUTPUT_OFFSET"),
        1,
        outputs);
  }

  private static Clamp clamp(CmsisNnData data) {
    return new Clamp(
        data.number("OUT_ACTIVATION_MIN", "ACTIVATION_MIN"),
        data.number("OUT_ACTIVATION_MAX", "ACTIVATION_MAX"));
  }

  private static Weights weights(CmsisNnData data, int outputs, int each) {
    byte[] stored = data.bytes("weights", "input_weights").orElseThrow();
    byte[] values = stored;
    if (stored.length < outputs * each) { // two of 4 bits in a byte, the first in the lower half
      values = new byte[outputs * each];
      for (int i = 0; i < values.length; i++) {
        values[i] = (byte) ((byte) (stored[i / 2] << (i % 2 == 0 ? 4 : 0)) >> 4);
      }
    }
    int[] bias = data.array("biases", "bias", "input_bias").orElse(new int[outputs]);
    Optional<int[]> multipliers = data.array("output_mult", "output_multiplier");
    List<FixedPoint> rescale =
        multipliers.isPresent()
            ? IntStream.range(0, outputs)
                .mapToObj(c ->
                    new FixedPoint(
                        multipliers.get()[c], data.array("output_shift").orElseThrow()[c]))
                .toList()
            : Collections.nCopies(outputs, factor(data, "OUTPUT"));
    return new Weights(values, bias, rescale, new float[outputs]);
  }

  private static FixedPoint factor(CmsisNnData data, String word) {
    return new FixedPoint(
        data.number(word + "_MULT", word + "_MULTIPLIER", "MULT"),
        data.number(word + "_SHIFT", word + "_LEFT_SHIFT", "SHIFT"));
  }

  void pool(CmsisNnData data, boolean max) {
    if (tensors.isEmpty()) {
      start(1, data.number("INPUT_H"), data.number("INPUT_W"), data.number("INPUT_C"));
    }
    Window window =
        new Window(
            new Window.Axis(
                data.number("FILTER_H"),
                data.number("STRIDE_H"),
                1,
                data.number("PADDING_H", "PAD_H")),
            new Window.Axis(
                data.number("FILTER_W"),
                data.number("STRIDE_W"),
                1,
                data.number("PADDING_W", "PAD_W")));
    int[] dims = {1, data.number("OUTPUT_H"), data.number("OUTPUT_W"), tensors.getLast().dim(3)};
    int zeroPoint = tensors.getLast().zeroPoint();
    op(
        max
            ? new IntegerOp.MaxPool(last(), last() + 1, window)
            : new IntegerOp.AveragePool(last(), last() + 1, window),
        zeroPoint,
        dims);
    op(new IntegerOp.Rescale(last(), last() + 1, FixedPoint.of(1), clamp(data)), zeroPoint, dims);
  }

  void softmax(CmsisNnData data) {
    int[] dims = Arrays.stream(tensors.getLast().shape().dims()).mapToInt(d -> (int) d).toArray();
    op(new IntegerOp.Softmax(last(), last() + 1, factor(data, "INPUT")), -128, dims);
  }

  void pair(CmsisNnData data, boolean add) {
    int count = data.number("DST_SIZE");
    start(-data.number("INPUT1_OFFSET"), new int[] {count});
    start(-data.number("INPUT2_OFFSET"), new int[] {count});
    FixedPoint out = factor(data, "OUTPUT");
    op(
        add
            ? new IntegerOp.Add(
                0,
                1,
                2,
                new SumRescale(factor(data, "INPUT1"), factor(data, "INPUT2"), out),
                clamp(data))
            : new IntegerOp.Mul(0, 1, 2, out, clamp(data)),
        data.number("OUTPUT_OFFSET"),
        count);
  }

  void matmul(CmsisNnData data) {
    int rows = data.number("OUTPUT_ROWS");
    int columns = data.number("OUTPUT_COLS");
    int depth = data.number("ADJ_X") == 0 ? data.number("LHS_COLS") : data.number("LHS_ROWS");
    start(
        -data.number("LHS_OFFSET"),
        new int[] {data.number("LHS_BATCH"), data.number("LHS_HEIGHT"), rows, depth});
    start(
        -data.number("RHS_OFFSET"),
        new int[] {data.number("RHS_BATCH"), data.number("RHS_HEIGHT"), depth, columns});
    op(
        new IntegerOp.MatMul(0, 1, 2, factor(data, "OUTPUT")),
        data.number("OUTPUT_OFFSET"),
        data.number("OUTPUT_BATCH"),
        data.number("OUTPUT_HEIGHT"),
        rows,
        columns);
  }

  void pad(CmsisNnData data) {
    int[] dims = new int[4];
    List<Integer> before = new ArrayList<>();
    List<Integer> after = new ArrayList<>();
    int[] padded = new int[4];
    for (int axis = 0; axis < 4; axis++) {
      String letter = "NHWC".substring(axis, axis + 1);
      dims[axis] = data.number("INPUT_" + letter);
      before.add(data.number("PRE_PAD_" + letter));
      after.add(data.number("POST_PAD_" + letter));
      padded[axis] = before.get(axis) + dims[axis] + after.get(axis);
    }
    int zeroPoint = data.number("PAD_VALUE");
    start(zeroPoint, dims);
    op(new IntegerOp.Pad(0, 1, before, after), zeroPoint, padded);
  }

  void transpose(CmsisNnData data) {
    int rank = data.number("PERM_SIZE");
    start(Arrays.copyOf(data.list("IN_DIM"), rank));
    op(
        new IntegerOp.Transpose(
            0, 1, Arrays.stream(data.list("PERM")).limit(rank).boxed().toList()),
        0,
        Arrays.copyOf(data.list("OUT_DIM"), rank));
  }

  /// Layers in the order of their numbers; a Reshape has no data.
  void network(CmsisNnData data) {
    for (int i = 1; i < 20; i++) {
      for (String kind :
          List.of(
              "conv_2d", "depthwise_conv_2d", "average_pool_2d", "fully_connected", "softmax")) {
        CmsisNnData layer =
            data.part(
                kind.toUpperCase(Locale.ROOT) + "_" + i + "_", "layer_" + i + "_" + kind + "_");
        if (!data.has(kind.toUpperCase(Locale.ROOT) + "_" + i + "_OUT_CH")) {
          continue;
        }
        switch (kind) {
          case "average_pool_2d" -> pool(layer, false);
          case "softmax" -> softmax(layer);
          case "fully_connected" -> {
            int depth = tensors.getLast().count();
            op(new IntegerOp.Reshape(last(), last() + 1), tensors.getLast().zeroPoint(), 1, depth);
            full(layer, depth, layer.array("bias").orElseThrow().length);
          }
          default -> weighted(layer, kind.startsWith("depthwise"));
        }
      }
    }
  }
}
