package dev.halftone.integer;

import java.util.OptionalInt;

/// The number of bytes by which an operation's output may reach into an input that it alone still needs.
///
/// Kernels that make the output row by row have, before row y, read every input row above the first that row y needs. So the output may
/// begin `lead` bytes before the input: whatever it writes over is not needed any more. Kernels keep to that order.
final class Overlap {

  private Overlap() {}

  /// Bytes by which the output must lie before the input; empty where they must be apart.
  static OptionalInt lead(IntegerGraph graph, IntegerOp op, int input) {
    IntegerTensor in = graph.tensor(input);
    IntegerTensor out = graph.tensor(op.output());
    return switch (op) {
      case IntegerOp.Windowed windowed -> rows(windowed.window(), in, out);
      case IntegerOp.Elementwise _ ->
          in.shape().equals(out.shape())
              ? OptionalInt.of(Math.max(0, out.bytes() - in.bytes()))
              : OptionalInt.empty();
      case IntegerOp.Softmax _, IntegerOp.Slice _ -> OptionalInt.of(0);
      case IntegerOp.FullyConnected _,
          IntegerOp.MatMul _,
          IntegerOp.Concat _,
          IntegerOp.Pad _,
          IntegerOp.Mean _,
          IntegerOp.ArgMax _,
          IntegerOp.Reshape _,
          IntegerOp.Transpose _,
          IntegerOp.ResizeNearest _ ->
          OptionalInt.empty();
    };
  }

  private static OptionalInt rows(Window window, IntegerTensor in, IntegerTensor out) {
    int inRow = in.bytes() / in.dim(1);
    int outRow = out.bytes() / out.dim(1);
    int lead = 0;
    for (int y = 0; y < out.dim(1); y++) {
      int needed = Math.max(0, y * window.strideY() - window.top());
      lead = Math.max(lead, (y + 1) * outRow - needed * inRow);
    }
    return OptionalInt.of(lead);
  }
}
