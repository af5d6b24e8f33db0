package dev.halftone.litert;

import dev.halftone.UnsupportedModelException;
import dev.halftone.integer.IntegerOp;
import dev.halftone.integer.IntegerTensor;
import dev.halftone.integer.MeanRescale;
import dev.halftone.integer.Multipliers;
import dev.halftone.integer.Window;
import dev.halftone.scheme.FixedPoint;
import dev.halftone.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.tensorflow.lite.schema.ActivationFunctionType;
import org.tensorflow.lite.schema.ArgMaxOptions;
import org.tensorflow.lite.schema.BuiltinOperator;
import org.tensorflow.lite.schema.BuiltinOptions;
import org.tensorflow.lite.schema.Padding;
import org.tensorflow.lite.schema.Pool2DOptions;
import org.tensorflow.lite.schema.ReducerOptions;
import org.tensorflow.lite.schema.TensorType;

/// MAX_POOL_2D, AVERAGE_POOL_2D, MEAN over rows and columns, and ARG_MAX.
final class WritePools {

  private static final LiteOp.Code MAX =
      new LiteOp.Code(BuiltinOperator.MAX_POOL_2D, 2, "1.14.0").wideFrom(3);
  private static final LiteOp.Code AVERAGE =
      new LiteOp.Code(BuiltinOperator.AVERAGE_POOL_2D, 2, "1.14.0").wideFrom(3);
  private static final LiteOp.Code ARG_MAX = new LiteOp.Code(BuiltinOperator.ARG_MAX, 2, "1.14.0");
  private static final LiteOp.Code MEAN =
      new LiteOp.Code(BuiltinOperator.MEAN, 2, "1.14.0").wideFrom(3);

  private final LiteDraft draft;

  WritePools(LiteDraft draft) {
    this.draft = draft;
  }

  void max(IntegerOp.MaxPool op) {
    IntegerTensor out = draft.graph.tensor(op.output());
    Window window = op.window();
    Padding2d padding = Padding2d.of(window, draft.graph.tensor(op.input()), out);
    if (window.isDilated()) {
      dilated(op, padding.explicit());
      return;
    }
    int input = new WriteMoves(draft).paddedForMaximum(op.input(), padding);
    draft.op(MAX, pool(window, padding.kind()), op.output(), input);
  }

  /// The runtime's pools are not dilated: the largest of slices, one for each tap.
  private void dilated(IntegerOp.MaxPool op, Padding2d padding) {
    WriteMoves moves = new WriteMoves(draft);
    Window window = op.window();
    int from = moves.paddedForMaximum(op.input(), padding);
    int[] stride = {1, window.strideY(), window.strideX(), 1};
    Shape shape = draft.tensor(op.output()).shape();
    int most = -1;
    for (int tap = 0; tap < window.taps(); tap++) {
      int y = tap / window.width() * window.dilationY();
      int x = tap % window.width() * window.dilationX();
      int slice = draft.like(op.output(), shape, "/tap");
      moves.slice(from, new int[] {0, y, x, 0}, stride, slice);
      if (tap == 0) {
        most = slice;
        continue;
      }
      boolean last = tap == window.taps() - 1;
      int larger = last ? op.output() : draft.like(op.output(), shape, "/most");
      Activation.maximum(draft, larger, most, slice);
      most = larger;
    }
  }

  /// What lies outside does not count. Where SAME does not say what lies there, the output is put together from parts of which each has
  /// windows that lie inside.
  void average(IntegerOp.AveragePool op) {
    IntegerTensor in = draft.graph.tensor(op.input());
    IntegerTensor out = draft.graph.tensor(op.output());
    Window window = op.window();
    requireUndilated(window, out);
    Padding2d padding = Padding2d.of(window, in, out);
    if (padding.isNative()) {
      draft.op(AVERAGE, pool(window, padding.kind()), op.output(), op.input());
      return;
    }
    List<EqualWindows> rows = EqualWindows.of(window.rows(), out.dim(1), in.dim(1));
    List<EqualWindows> columns = EqualWindows.of(window.columns(), out.dim(2), in.dim(2));
    List<Integer> bands = new ArrayList<>();
    for (EqualWindows y : rows) {
      Shape shape = new Shape(1, y.outputs(), out.dim(2), out.dim(3));
      bands.add(rows.size() == 1 ? op.output() : draft.like(op.output(), shape, "/band"));
      band(op, y, columns, bands.getLast());
    }
    if (rows.size() > 1) {
      new WriteMoves(draft).concatenated(bands, 1, op.output());
    }
  }

  private void band(
      IntegerOp.AveragePool op, EqualWindows y, List<EqualWindows> columns, int output) {
    int channels = draft.graph.tensor(op.output()).dim(3);
    List<Integer> parts = new ArrayList<>();
    for (EqualWindows x : columns) {
      Shape shape = new Shape(1, y.outputs(), x.outputs(), channels);
      parts.add(columns.size() == 1 ? output : draft.like(op.output(), shape, "/part"));
      part(op, y, x, parts.getLast());
    }
    if (columns.size() > 1) {
      new WriteMoves(draft).concatenated(parts, 2, output);
    }
  }

  private void part(IntegerOp.AveragePool op, EqualWindows y, EqualWindows x, int output) {
    int channels = draft.graph.tensor(op.input()).dim(3);
    Window window = op.window();
    Shape covered = new Shape(1, y.extent(window.strideY()), x.extent(window.strideX()), channels);
    int cut = draft.like(op.input(), covered, "/cut");
    new WriteMoves(draft)
        .slice(op.input(), new int[] {0, y.from(), x.from(), 0}, new int[] {1, 1, 1, 1}, cut);
    Window inside =
        new Window(
            new Window.Axis(y.taps(), window.strideY(), 1, 0),
            new Window.Axis(x.taps(), window.strideX(), 1, 0));
    draft.op(AVERAGE, pool(inside, Padding.VALID), output, cut);
  }

  private static void requireUndilated(Window window, IntegerTensor out) {
    if (window.isDilated()) {
      throw new UnsupportedModelException(
          "the pool that makes "
              + out.name()
              + " is a dilated average, and LiteRT has none: export to C, or give the pool dilations of 1");
    }
  }

  private static LiteOp.Options pool(Window window, byte padding) {
    return new LiteOp.Options(
        BuiltinOptions.Pool2DOptions,
        file ->
            Pool2DOptions.createPool2DOptions(
                file,
                padding,
                window.strideX(),
                window.strideY(),
                window.width(),
                window.height(),
                ActivationFunctionType.NONE));
  }

  /// The runtime's takes no int16: their positions are those of int32.
  void argMax(IntegerOp.ArgMax op) {
    boolean wide = draft.tensor(op.input()).isWide();
    int input = wide ? new WriteArithmetic(draft).positions(op.input()) : op.input();
    List<Long> extents =
        new ArrayList<>(LongStream.of(draft.tensor(op.input()).shape().dims()).boxed().toList());
    extents.remove(op.axis());
    Shape shape = new Shape(extents.stream().mapToLong(i -> i).toArray());
    boolean same = shape.equals(draft.tensor(op.output()).shape());
    int made = same ? op.output() : draft.like(op.output(), shape, "/reduced");
    draft.op(
        ARG_MAX,
        new LiteOp.Options(
            BuiltinOptions.ArgMaxOptions,
            file -> ArgMaxOptions.createArgMaxOptions(file, TensorType.INT32)),
        made,
        input,
        draft.indices("axis", Shape.SCALAR, op.axis()));
    if (!same) {
      new WriteMoves(draft).reshape(made, op.output());
    }
  }

  void mean(IntegerOp.Mean op) {
    IntegerTensor in = draft.graph.tensor(op.input());
    IntegerTensor out = draft.graph.tensor(op.output());
    double quotient = Multipliers.quotient(in.grid(), out.grid());
    int count = in.dim(1) * in.dim(2);
    draft.requireSame(op.multiplier(), MeanRescale.of(FixedPoint.of(quotient), count), out);
    draft.op(
        MEAN,
        new LiteOp.Options(
            BuiltinOptions.ReducerOptions, file -> ReducerOptions.createReducerOptions(file, true)),
        op.output(),
        op.input(),
        draft.indices("axes", new Shape(2), 1, 2));
  }
}
