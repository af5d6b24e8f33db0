package dev.halftone.format.c;

import dev.halftone.integer.IntegerGraph;
import dev.halftone.integer.IntegerOp;
import dev.halftone.integer.IntegerTensor;
import dev.halftone.integer.Window;

/// The use of CMSIS-NN where C is compiled with HALFTONE_CMSIS_NN, and the scratch memory that its versions 4 to 7 want.
final class CmsisNn {

  /// CH_IN_BLOCK_MVE: channels that depthwise kernels for Helium take at a time.
  private static final int HELIUM_CHANNELS = 124;

  private CmsisNn() {}

  /// Convolutions in groups, and weights of 4 bits, are not in every version; 1x1 kernels there take it for granted that they stay inside.
  static boolean runs(IntegerGraph graph, IntegerOp.Weighted op) {
    return !graph.tensor(op.output()).isWide()
        && !FourBits.fit(graph, op)
        && switch (op) {
          case IntegerOp.Conv conv ->
              conv.groups() == 1
                  && (conv.window().taps() > 1
                      || staysInside(
                          conv.window(), graph.tensor(conv.input()), graph.tensor(conv.output())));
          case IntegerOp.DepthwiseConv _, IntegerOp.FullyConnected _ -> true;
        };
  }

  private static boolean staysInside(Window window, IntegerTensor in, IntegerTensor out) {
    return window.top() == 0
        && window.left() == 0
        && (out.dim(1) - 1) * window.strideY() < in.dim(1)
        && (out.dim(2) - 1) * window.strideX() < in.dim(2);
  }

  /// Bytes that the greediest layer wants: the most of what the versions say, for processors with and without the DSP extension, or for
  /// those with Helium.
  static int scratch(IntegerGraph graph, boolean helium) {
    return graph
        .weighted()
        .filter(op -> runs(graph, op))
        .mapToInt(op -> scratch(graph.tensor(op.input()).dim(-1), op, helium))
        .max()
        .orElse(0);
  }

  private static int scratch(int channels, IntegerOp.Weighted op, boolean helium) {
    return switch (op) {
      case IntegerOp.DepthwiseConv conv -> {
        int taps = conv.window().taps();
        int outC = conv.weights().outputs();
        if (!helium) {
          yield outC == channels ? 2 * channels * taps : 0;
        }
        int asConv = channels == 1 ? columns(taps) + outC * taps : 0;
        yield Math.max(asConv, 4 * HELIUM_CHANNELS * taps);
      }
      case IntegerOp.Conv conv -> columns(conv.window().taps() * channels);
      case IntegerOp.FullyConnected _ -> columns(channels);
    };
  }

  /// Two columns of 16-bit inputs, or four of 8 bits, whole vectors of 16.
  private static int columns(int each) {
    return 4 * Math.ceilDiv(each, 16) * 16;
  }
}
