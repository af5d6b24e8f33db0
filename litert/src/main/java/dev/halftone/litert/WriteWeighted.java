package dev.halftone.litert;

import dev.halftone.integer.Factors;
import dev.halftone.integer.IntegerOp;
import dev.halftone.integer.IntegerTensor;
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

  private static final LiteOp.Code CONV = new LiteOp.Code(BuiltinOperator.CONV_2D, 3, "1.14.0");
  private static final LiteOp.Code GROUPED = new LiteOp.Code(BuiltinOperator.CONV_2D, 6, "2.9.0");
  private static final LiteOp.Code DEPTHWISE =
      new LiteOp.Code(BuiltinOperator.DEPTHWISE_CONV_2D, 3, "1.14.0");

  private static final Window POINT = new Window(1, 1, 1, 1, 1, 1, 0, 0);

  private final LiteDraft draft;

  WriteWeighted(LiteDraft draft) {
    this.draft = draft;
  }

  void conv(IntegerOp.Conv op) {
    IntegerTensor in = draft.graph.tensor(op.input());
    IntegerTensor out = draft.graph.tensor(op.output());
    Window window = op.window();
    Padding2d padding = Padding2d.of(window, in, out);
    int input = new WriteMoves(draft).padded(op.input(), padding);
    Shape shape = new Shape(out.dim(3), window.height(), window.width(), in.dim(3) / op.groups());
    int weights = weights(op.weights(), shape, 0, in, out);
    int bias = bias(op.weights(), in, out);
    Activation.clamped(
        draft,
        op.output(),
        op.clamp(),
        Activation.KINDS,
        (output, activation) ->
            draft.op(
                op.groups() == 1 ? CONV : GROUPED,
                options(window, padding.kind(), activation),
                output,
                input,
                weights,
                bias));
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
    int input = new WriteMoves(draft).padded(op.input(), padding);
    Shape shape = new Shape(1, window.height(), window.width(), out.dim(3));
    int weights = weights(op.weights(), shape, 3, in, out);
    int bias = bias(op.weights(), in, out);
    Activation.clamped(
        draft,
        op.output(),
        op.clamp(),
        Activation.KINDS,
        (output, activation) ->
            draft.op(
                DEPTHWISE,
                new LiteOp.Options(
                    BuiltinOptions.DepthwiseConv2DOptions,
                    file ->
                        DepthwiseConv2DOptions.createDepthwiseConv2DOptions(
                            file,
                            padding.kind(),
                            window.strideX(),
                            window.strideY(),
                            out.dim(3) / in.dim(3),
                            activation,
                            window.dilationX(),
                            window.dilationY())),
                output,
                input,
                weights,
                bias));
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
    int weights = weights(op.weights(), new Shape(outputs, 1, 1, inputs), 0, in, out);
    int bias = bias(op.weights(), in, out);
    Activation.clamped(
        draft,
        column,
        op.clamp(),
        Activation.KINDS,
        (output, activation) ->
            draft.op(
                CONV, options(POINT, Padding.VALID, activation), output, input, weights, bias));
    if (column != op.output()) {
      new WriteMoves(draft).reshape(column, op.output());
    }
  }

  private int weights(Weights weights, Shape shape, int axis, IntegerTensor in, IntegerTensor out) {
    for (int c = 0; c < weights.outputs(); c++) {
      double factor = Factors.weighted(in.grid(), weights.scales()[c], out.grid());
      LiteRtWriter.requireSame(weights.rescale().get(c), FixedPoint.of(factor), out);
    }
    return draft.add(
        LiteTensor.weights(
            out.name() + "/weights", shape, weights.values(), weights.scales(), axis));
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
            LiteTensor.boxed(scales)));
  }
}
