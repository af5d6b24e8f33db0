package dev.halftone.litert;

import dev.halftone.integer.IntegerOp;
import dev.halftone.integer.IntegerTensor;
import dev.halftone.tensor.Shape;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.tensorflow.lite.schema.ActivationFunctionType;
import org.tensorflow.lite.schema.BuiltinOperator;
import org.tensorflow.lite.schema.BuiltinOptions;
import org.tensorflow.lite.schema.ConcatenationOptions;
import org.tensorflow.lite.schema.GatherOptions;
import org.tensorflow.lite.schema.ResizeNearestNeighborOptions;
import org.tensorflow.lite.schema.StridedSliceOptions;

/// PAD, CONCATENATION, RESHAPE, TRANSPOSE, SLICE, STRIDED_SLICE, RESIZE_NEAREST_NEIGHBOR and GATHER: integers in other places.
final class WriteMoves {

  static final LiteOp.Code GATHER = new LiteOp.Code(BuiltinOperator.GATHER, 2, "1.14.0");
  private static final LiteOp.Code PAD =
      new LiteOp.Code(BuiltinOperator.PAD, 2, "1.14.0").wideFrom(3);
  private static final LiteOp.Code PAD_OF_RANK_5 = new LiteOp.Code(BuiltinOperator.PAD, 4, "2.6.0");
  private static final LiteOp.Code PAD_WITH =
      new LiteOp.Code(BuiltinOperator.PADV2, 2, "1.14.0").wideFrom(3);
  private static final LiteOp.Code CONCATENATION =
      new LiteOp.Code(BuiltinOperator.CONCATENATION, 2, "1.14.0").wideFrom(3);
  private static final LiteOp.Code RESHAPE = new LiteOp.Code(BuiltinOperator.RESHAPE, 1, "1.5.0");
  private static final LiteOp.Code TRANSPOSE =
      new LiteOp.Code(BuiltinOperator.TRANSPOSE, 2, "1.14.0");
  private static final LiteOp.Code TRANSPOSE_OF_RANK_5 =
      new LiteOp.Code(BuiltinOperator.TRANSPOSE, 4, "2.3.0");
  private static final LiteOp.Code SLICE =
      new LiteOp.Code(BuiltinOperator.SLICE, 2, "1.14.0").wideFrom(4);
  private static final LiteOp.Code SLICE_OF_RANK_5 =
      new LiteOp.Code(BuiltinOperator.SLICE, 5, "2.5.0");
  private static final LiteOp.Code STRIDED_SLICE =
      new LiteOp.Code(BuiltinOperator.STRIDED_SLICE, 2, "1.14.0");
  private static final LiteOp.Code STRIDED_SLICE_OF_RANK_5 =
      new LiteOp.Code(BuiltinOperator.STRIDED_SLICE, 4, "2.2.0");

  private final LiteDraft draft;

  WriteMoves(LiteDraft draft) {
    this.draft = draft;
  }

  /// The tensor itself where the runtime pads by itself, else with zeros around it.
  int padded(int tensor, Padding2d padding) {
    if (padding.isNative()) {
      return tensor;
    }
    int made = draft.like(tensor, padding.shape(draft.tensor(tensor).shape()), "/padded");
    draft.op(PAD, LiteOp.Options.NONE, made, tensor, paddings(padding));
    return made;
  }

  /// The same, with the least integer around it.
  int paddedForMaximum(int tensor, Padding2d padding) {
    if (padding.isNative()) {
      return tensor;
    }
    int made = draft.like(tensor, padding.shape(draft.tensor(tensor).shape()), "/padded");
    int least = Activation.constant(draft, tensor, "/least", draft.tensor(tensor).all().min());
    draft.op(PAD_WITH, LiteOp.Options.NONE, made, tensor, paddings(padding), least);
    return made;
  }

  private int paddings(Padding2d padding) {
    return draft.indices(
        "paddings",
        new Shape(4, 2),
        0,
        0,
        padding.window().top(),
        padding.bottom(),
        padding.window().left(),
        padding.right(),
        0,
        0);
  }

  void pad(IntegerOp.Pad op) {
    int rank = op.before().size();
    int[] paddings = new int[2 * rank];
    for (int axis = 0; axis < rank; axis++) {
      paddings[2 * axis] = op.before().get(axis);
      paddings[2 * axis + 1] = op.after().get(axis);
    }
    int indices = draft.indices("paddings", new Shape(rank, 2), paddings);
    draft.op(rank > 4 ? PAD_OF_RANK_5 : PAD, LiteOp.Options.NONE, op.output(), op.input(), indices);
  }

  void concat(IntegerOp.Concat op) {
    concatenated(op.inputs(), op.axis(), op.output());
  }

  void concatenated(List<Integer> inputs, int axis, int output) {
    draft.op(
        CONCATENATION,
        new LiteOp.Options(
            BuiltinOptions.ConcatenationOptions,
            file ->
                ConcatenationOptions.createConcatenationOptions(
                    file, axis, ActivationFunctionType.NONE)),
        output,
        inputs.toArray(new Integer[0]));
  }

  void reshape(IntegerOp.Reshape op) {
    reshape(op.input(), op.output());
  }

  /// A tensor of the same integers in this shape: of what a RESHAPE read where there is one already.
  int reshaped(int tensor, Shape shape) {
    int source = tensor;
    for (Optional<LiteOp> made = reshape(source); made.isPresent(); made = reshape(source)) {
      source = made.get().inputs().getFirst();
    }
    if (draft.tensor(source).shape().equals(shape)) {
      return source;
    }
    int made = draft.like(tensor, shape, "/reshaped");
    reshape(source, made);
    return made;
  }

  /// What made this tensor, if it is a RESHAPE that kept the grid.
  private Optional<LiteOp> reshape(int tensor) {
    LiteTensor out = draft.tensor(tensor);
    return draft.ops.stream()
        .filter(op -> op.output() == tensor && op.code().number() == RESHAPE.number())
        .filter(op -> draft.tensor(op.inputs().getFirst()).hasGridOf(out))
        .findFirst();
  }

  void reshape(int input, int output) {
    int[] dims = draft.tensor(output).dims();
    int shape = draft.indices("shape", new Shape(dims.length), dims);
    draft.op(RESHAPE, LiteOp.Options.NONE, output, input, shape);
  }

  void transpose(IntegerOp.Transpose op) {
    int[] order = ints(op.order());
    draft.op(
        order.length > 4 ? TRANSPOSE_OF_RANK_5 : TRANSPOSE,
        LiteOp.Options.NONE,
        op.output(),
        op.input(),
        draft.indices("order", new Shape(order.length), order));
  }

  void slice(IntegerOp.Slice op) {
    slice(op.input(), ints(op.begin()), ints(op.stride()), op.output());
  }

  void slice(int input, int[] begin, int[] stride, int output) {
    int rank = begin.length;
    int[] size = draft.tensor(output).dims();
    int from = draft.indices("begin", new Shape(rank), begin);
    if (IntStream.of(stride).allMatch(step -> step == 1)) {
      int extents = draft.indices("size", new Shape(rank), size);
      draft.op(
          rank > 4 ? SLICE_OF_RANK_5 : SLICE, LiteOp.Options.NONE, output, input, from, extents);
      return;
    }
    int[] end = new int[rank];
    for (int axis = 0; axis < rank; axis++) {
      end[axis] = begin[axis] + (size[axis] - 1) * stride[axis] + 1;
    }
    draft.op(
        rank > 4 ? STRIDED_SLICE_OF_RANK_5 : STRIDED_SLICE,
        new LiteOp.Options(
            BuiltinOptions.StridedSliceOptions,
            file -> StridedSliceOptions.createStridedSliceOptions(file, 0, 0, 0, 0, 0, false)),
        output,
        input,
        from,
        draft.indices("end", new Shape(rank), end),
        draft.indices("strides", new Shape(rank), stride));
  }

  /// By the runtime's own rule where one finds the same rows and columns; else rows and columns are gathered.
  void resize(IntegerOp.ResizeNearest op) {
    IntegerTensor in = draft.graph.tensor(op.input());
    for (NearestRule rule : NearestRule.values()) {
      if (rule.finds(op.rows(), in.dim(1)) && rule.finds(op.columns(), in.dim(2))) {
        draft.op(
            rule.code(),
            new LiteOp.Options(
                BuiltinOptions.ResizeNearestNeighborOptions,
                file ->
                    ResizeNearestNeighborOptions.createResizeNearestNeighborOptions(
                        file, rule.alignCorners(), rule.halfPixelCenters())),
            op.output(),
            op.input(),
            draft.indices("size", new Shape(2), op.rows().size(), op.columns().size()));
        return;
      }
    }
    Shape between = new Shape(1, op.rows().size(), in.dim(2), in.dim(3));
    int rows = draft.like(op.input(), between, "/rows");
    gather(op.input(), draft.indices("rows", new Shape(between.dim(1)), ints(op.rows())), 1, rows);
    int columns = draft.indices("columns", new Shape(op.columns().size()), ints(op.columns()));
    gather(rows, columns, 2, op.output());
  }

  void gather(int from, int indices, int axis, int output) {
    draft.op(
        GATHER,
        new LiteOp.Options(
            BuiltinOptions.GatherOptions, file -> GatherOptions.createGatherOptions(file, axis, 0)),
        output,
        from,
        indices);
  }

  private static int[] ints(List<Integer> values) {
    return values.stream().mapToInt(i -> i).toArray();
  }
}
