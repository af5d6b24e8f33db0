package dev.halftone.litert;

import dev.halftone.integer.Clamp;
import dev.halftone.integer.IntegerOp;
import dev.halftone.integer.IntegerTensor;
import dev.halftone.integer.Multipliers;
import dev.halftone.integer.Weights;
import dev.halftone.integer.Window;
import dev.halftone.scheme.FixedPoint;
import dev.halftone.tensor.Shape;
import java.util.Arrays;
import org.tensorflow.lite.schema.BuiltinOperator;
import org.tensorflow.lite.schema.BuiltinOptions;
import org.tensorflow.lite.schema.Conv2DOptions;
import org.tensorflow.lite.schema.DepthwiseConv2DOptions;
import org.tensorflow.lite.schema.Padding;

/// CONV_2D and DEPTHWISE_CONV_2D, with a scale for each output channel.
final class WriteWeighted {

  private static final LiteOp.Code CONV =
      new LiteOp.Code(BuiltinOperator.CONV_2D, 3, "1.14.0").wideFrom(4);
  private static final LiteOp.Code GROUPED = new LiteOp.Code(BuiltinOperator.CONV_2D, 6, "2.9.0");
  private static final LiteOp.Code DEPTHWISE =
      new LiteOp.Code(BuiltinOperator.DEPTHWISE_CONV_2D, 3, "1.14.0").wideFrom(5);

  private final LiteDraft draft;

  WriteWeighted(LiteDraft draft) {
    this.draft = draft;
  }

  /// How the weights lie in the file, and what multiplies them.
  ///
  /// @param axis of the shape, along which the scales stand
  private record Layer(LiteOp.Code code, Shape shape, int axis, Fused options) {}

  /// The options of an operation with this activation.
  private interface Fused {
    LiteOp.Options with(byte activation);
  }

  void conv(IntegerOp.Conv op) {
    IntegerTensor in = draft.graph.tensor(op.input());
    IntegerTensor out = draft.graph.tensor(op.output());
    Window window = op.window();
    Padding2d padding = Padding2d.of(window, in, out);
    Layer layer =
        new Layer(
            op.groups() == 1 ? CONV : GROUPED,
            new Shape(out.dim(3), window.height(), window.width(), in.dim(3) / op.groups()),
            0,
            activation -> options(window, padding.kind(), activation));
    int input = new WriteMoves(draft).padded(op.input(), padding);
    add(layer, op, input, op.output(), op.weights(), op.clamp());
  }

  /// @param input what is multiplied: the operation's input as the file needs it
  /// @param output what is made: the operation's output, or what is reshaped to it
  private void add(
      Layer layer, IntegerOp.OfOne op, int input, int output, Weights weights, Clamp clamp) {
    IntegerTensor in = draft.graph.tensor(op.input());
    IntegerTensor out = draft.graph.tensor(op.output());
    int values = weights(weights, layer.shape(), layer.axis(), in, out);
    LiteOp.Code code = four(weights, in) ? layer.code().ofFourBits() : layer.code();
    int bias = bias(weights, in, out);
    Activation.clamped(
        draft,
        output,
        clamp,
        Activation.KINDS,
        (made, activation) ->
            draft.op(code, layer.options().with(activation), made, input, values, bias));
  }

  private static LiteOp.Options options(Window window, byte padding, byte activation) {
    return new LiteOp.Options(
        BuiltinOptions.Conv2DOptions,
        file ->
            Conv2DOptions.createConv2DOptions(
                file,
                padding,
                window.strideX(),
                window.strideY(),
                activation,
                window.dilationX(),
                window.dilationY()));
  }

  void depthwise(IntegerOp.DepthwiseConv op) {
    IntegerTensor in = draft.graph.tensor(op.input());
    IntegerTensor out = draft.graph.tensor(op.output());
    Window window = op.window();
    Padding2d padding = Padding2d.of(window, in, out);
    int multiplier = out.dim(3) / in.dim(3);
    Layer layer =
        new Layer(
            DEPTHWISE,
            new Shape(1, window.height(), window.width(), out.dim(3)),
            3,
            activation -> options(window, padding.kind(), multiplier, activation));
    int input = new WriteMoves(draft).padded(op.input(), padding);
    add(layer, op, input, op.output(), op.weights(), op.clamp());
  }

  private static LiteOp.Options options(
      Window window, byte padding, int multiplier, byte activation) {
    return new LiteOp.Options(
        BuiltinOptions.DepthwiseConv2DOptions,
        file ->
            DepthwiseConv2DOptions.createDepthwiseConv2DOptions(
                file,
                padding,
                window.strideX(),
                window.strideY(),
                multiplier,
                activation,
                window.dilationX(),
                window.dilationY()));
  }

  /// As a CONV_2D of 1x1, for which every release takes a scale for each output. LiteRT's FULLY_CONNECTED does so late, and its reference
  /// kernel rounds once where those of all other operations, and CMSIS-NN, round twice.
  void fullyConnected(IntegerOp.FullyConnected op) {
    IntegerTensor in = draft.graph.tensor(op.input());
    IntegerTensor out = draft.graph.tensor(op.output());
    int inputs = in.dim(-1);
    int outputs = out.dim(-1);
    int rows = in.count() / inputs;
    int input = new WriteMoves(draft).reshaped(op.input(), new Shape(1, rows, 1, inputs));
    Shape shape = new Shape(1, rows, 1, outputs);
    int column = shape.equals(out.shape()) ? op.output() : draft.like(op.output(), shape, "/rows");
    Layer layer =
        new Layer(
            CONV,
            new Shape(outputs, 1, 1, inputs),
            0,
            activation -> options(Window.ONE, Padding.VALID, activation));
    add(layer, op, input, column, op.weights(), op.clamp());
    if (column != op.output()) {
      new WriteMoves(draft).reshape(column, op.output());
    }
  }

  private int weights(Weights weights, Shape shape, int axis, IntegerTensor in, IntegerTensor out) {
    for (int c = 0; c < weights.outputs(); c++) {
      double factor = Multipliers.weighted(in.grid(), weights.scales()[c], out.grid());
      draft.requireSame(weights.rescale().get(c), FixedPoint.of(factor), out);
    }
    return draft.add(
        LiteTensor.weights(out.name() + "/weights", shape, weights, axis, four(weights, in)));
  }

  /// Kernels on int16 take no weights of 4 bits.
  private boolean four(Weights weights, IntegerTensor in) {
    return draft.packed && !in.isWide() && weights.fitFourBits();
  }

  private int bias(Weights weights, IntegerTensor in, IntegerTensor out) {
    float[] scales = weights.scales().clone();
    for (int c = 0; c < scales.length; c++) {
      scales[c] *= in.grid().scale();
    }
    return draft.add(
        LiteTensor.bias(
            out.name() + "/bias",
            Arrays.copyOf(weights.bias(), scales.length),
            LiteTensor.boxed(scales),
            in.isWide()));
  }
}
