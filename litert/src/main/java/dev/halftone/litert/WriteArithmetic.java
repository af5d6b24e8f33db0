package dev.halftone.litert;

import dev.halftone.UnsupportedModelException;
import dev.halftone.integer.IntegerOp;
import dev.halftone.integer.IntegerTensor;
import dev.halftone.integer.Multipliers;
import dev.halftone.scheme.Affine;
import dev.halftone.scheme.FixedPoint;
import dev.halftone.tensor.Shape;
import org.tensorflow.lite.schema.ActivationFunctionType;
import org.tensorflow.lite.schema.AddOptions;
import org.tensorflow.lite.schema.BatchMatMulOptions;
import org.tensorflow.lite.schema.BuiltinOperator;
import org.tensorflow.lite.schema.BuiltinOptions;
import org.tensorflow.lite.schema.CastOptions;
import org.tensorflow.lite.schema.MulOptions;
import org.tensorflow.lite.schema.QuantizeOptions;
import org.tensorflow.lite.schema.SoftmaxOptions;
import org.tensorflow.lite.schema.SubOptions;
import org.tensorflow.lite.schema.TensorType;

/// ADD, SUB, MUL, PRELU, BATCH_MATMUL, SOFTMAX, QUANTIZE, RELU and tables.
final class WriteArithmetic {

  private static final LiteOp.Code ADD =
      new LiteOp.Code(BuiltinOperator.ADD, 2, "1.14.0").wideFrom(3);
  private static final LiteOp.Code MUL = new LiteOp.Code(BuiltinOperator.MUL, 2, "1.14.0");
  private static final LiteOp.Code MUL_UP = new LiteOp.Code(BuiltinOperator.MUL, 3, "1.15.0");
  private static final LiteOp.Code SUB =
      new LiteOp.Code(BuiltinOperator.SUB, 2, "1.14.0").wideFrom(5);
  private static final LiteOp.Code PRELU = new LiteOp.Code(BuiltinOperator.PRELU, 1, "1.8.0");
  private static final LiteOp.Code MATMUL =
      new LiteOp.Code(BuiltinOperator.BATCH_MATMUL, 2, "2.3.0");
  private static final LiteOp.Code SOFTMAX = new LiteOp.Code(BuiltinOperator.SOFTMAX, 2, "1.14.0");
  private static final LiteOp.Code QUANTIZE =
      new LiteOp.Code(BuiltinOperator.QUANTIZE, 1, "1.14.0").wideFrom(2);
  private static final LiteOp.Code RELU = new LiteOp.Code(BuiltinOperator.RELU, 2, "2.1.0");
  private static final LiteOp.Code RELU6 = new LiteOp.Code(BuiltinOperator.RELU6, 2, "1.14.0");
  private static final LiteOp.Code CAST = new LiteOp.Code(BuiltinOperator.CAST, 1, "1.5.0");

  private static final LiteOp.Options QUANTIZE_OPTIONS =
      new LiteOp.Options(
          BuiltinOptions.QuantizeOptions,
          file -> {
            QuantizeOptions.startQuantizeOptions(file);
            return QuantizeOptions.endQuantizeOptions(file);
          });

  /// Those that are operations of their own, of one type in and out.
  private static final byte[] RESCALE_KINDS = {
    ActivationFunctionType.NONE, ActivationFunctionType.RELU, ActivationFunctionType.RELU6
  };

  private static final byte[] NO_KINDS = {ActivationFunctionType.NONE};

  private final LiteDraft draft;

  WriteArithmetic(LiteDraft draft) {
    this.draft = draft;
  }

  void sum(IntegerOp.Sum op) {
    IntegerTensor out = draft.graph.tensor(op.output());
    Multipliers.Sum factors = Multipliers.Sum.of(grid(op.first()), grid(op.second()), out.grid());
    if (factors.sum() >= 1) { // LiteRT would end the process
      throw new UnsupportedModelException(
          "the sum "
              + out.name()
              + " is too small beside its terms for LiteRT: its output is all but constant, so remove it from the model");
    }
    draft.requireSame(op.rescale().left(), FixedPoint.of(factors.left()), out);
    draft.requireSame(op.rescale().right(), FixedPoint.of(factors.right()), out);
    draft.requireSame(op.rescale().sum(), FixedPoint.of(factors.sum()), out);
    Activation.clamped(
        draft,
        op.output(),
        op.clamp(),
        Activation.KINDS,
        (output, activation) ->
            draft.op(
                op.sign() > 0 ? ADD : SUB,
                op.sign() > 0 ? added(activation) : takenOff(activation),
                output,
                op.first(),
                op.second()));
  }

  private static LiteOp.Options added(byte activation) {
    return new LiteOp.Options(
        BuiltinOptions.AddOptions, file -> AddOptions.createAddOptions(file, activation, false));
  }

  private static LiteOp.Options takenOff(byte activation) {
    return new LiteOp.Options(
        BuiltinOptions.SubOptions, file -> SubOptions.createSubOptions(file, activation, false));
  }

  void mul(IntegerOp.Mul op) {
    IntegerTensor out = draft.graph.tensor(op.output());
    double factor = Multipliers.product(grid(op.first()), grid(op.second()), out.grid());
    draft.requireSame(op.rescale(), FixedPoint.of(factor), out);
    Activation.clamped(
        draft,
        op.output(),
        op.clamp(),
        Activation.KINDS,
        (output, activation) ->
            draft.op(
                factor < 1 ? MUL : MUL_UP,
                new LiteOp.Options(
                    BuiltinOptions.MulOptions,
                    file -> MulOptions.createMulOptions(file, activation)),
                output,
                op.first(),
                op.second()));
  }

  void prelu(IntegerOp.PRelu op) {
    IntegerTensor out = draft.graph.tensor(op.output());
    double positive = Multipliers.quotientInFloats(grid(op.input()), out.grid());
    double negative = Multipliers.product(grid(op.input()), grid(op.slope()), out.grid());
    draft.requireSame(op.positive(), FixedPoint.of(positive), out);
    draft.requireSame(op.negative(), FixedPoint.of(negative), out);
    draft.op(PRELU, LiteOp.Options.NONE, op.output(), op.input(), op.slope());
  }

  void matMul(IntegerOp.MatMul op) {
    IntegerTensor out = draft.graph.tensor(op.output());
    double factor = Multipliers.matrixProduct(grid(op.first()), grid(op.second()), out.grid());
    draft.requireSame(op.rescale(), FixedPoint.of(factor), out);
    draft.op(
        MATMUL,
        new LiteOp.Options(
            BuiltinOptions.BatchMatMulOptions,
            file -> BatchMatMulOptions.createBatchMatMulOptions(file, false, false, false)),
        op.output(),
        op.first(),
        op.second());
  }

  void softmax(IntegerOp.Softmax op) {
    draft.op(
        SOFTMAX,
        new LiteOp.Options(
            BuiltinOptions.SoftmaxOptions, file -> SoftmaxOptions.createSoftmaxOptions(file, 1)),
        op.output(),
        op.input());
  }

  void rescale(IntegerOp.Rescale op) {
    IntegerTensor out = draft.graph.tensor(op.output());
    double factor = Multipliers.quotient(grid(op.input()), out.grid());
    draft.requireSame(op.rescale(), FixedPoint.of(factor), out);
    Activation.clamped(
        draft,
        op.output(),
        op.clamp(),
        draft.graph.tensor(op.input()).type() == out.type() ? RESCALE_KINDS : NO_KINDS,
        (output, activation) -> {
          switch (activation) {
            case ActivationFunctionType.NONE -> quantize(op.input(), output);
            case ActivationFunctionType.RELU ->
                draft.op(RELU, LiteOp.Options.NONE, output, op.input());
            case ActivationFunctionType.RELU6 ->
                draft.op(RELU6, LiteOp.Options.NONE, output, op.input());
            default -> throw new IllegalStateException("no operation for " + op.clamp());
          }
        });
  }

  private Affine grid(int tensor) {
    return draft.graph.tensor(tensor).grid();
  }

  /// From one grid or type to another. LiteRT has no QUANTIZE from int8 to int16, but one from int32.
  void quantize(int input, int output) {
    LiteTensor from = draft.tensor(input);
    boolean widens = !from.isWide() && draft.tensor(output).isWide();
    draft.op(QUANTIZE, QUANTIZE_OPTIONS, output, widens ? cast(input, from.inInt32()) : input);
  }

  /// A tensor's integers as int32.
  int positions(int tensor) {
    LiteTensor from = draft.tensor(tensor);
    return cast(tensor, LiteTensor.positions(from.name() + "/int32", from.shape()));
  }

  private int cast(int tensor, LiteTensor to) {
    LiteTensor from = draft.tensor(tensor);
    int made = draft.add(to);
    draft.op(
        CAST,
        new LiteOp.Options(
            BuiltinOptions.CastOptions,
            file -> CastOptions.createCastOptions(file, from.type(), TensorType.INT32)),
        made,
        tensor);
    return made;
  }

  /// The entries of the table, gathered by the input's integers: the runtime's own functions round otherwise, or want other grids.
  void lookup(IntegerOp.Lookup op) {
    LiteTensor in = draft.tensor(op.input());
    int unsigned = draft.add(LiteTensor.unsigned(in.name() + "/uint8", in));
    quantize(op.input(), unsigned);
    int indices = positions(unsigned);
    LiteTensor out = draft.tensor(op.output());
    int table =
        draft.add(
            new LiteTensor(
                out.name() + "/" + op.function(),
                new Shape(op.table().length),
                TensorType.INT8,
                out.quantization(),
                java.util.Optional.of(op.table())));
    new WriteMoves(draft).gather(table, indices, 0, op.output());
  }
}
