package dev.halftone.format.c;

import dev.halftone.integer.IntegerGraph;
import dev.halftone.integer.IntegerOp;
import dev.halftone.integer.Weights;

/// Weights of four bits or fewer, of layers without groups: two in a byte of flash. Kernels unpack those of two channels at a time.
final class FourBits {

  /// Weights that are packed and unpacked together.
  private static final int TOGETHER = 8;

  private FourBits() {}

  static boolean fit(IntegerGraph graph, IntegerOp.Weighted op) {
    boolean isPacked =
        switch (op) {
          case IntegerOp.Conv conv -> conv.groups() == 1;
          case IntegerOp.FullyConnected _ -> true;
          case IntegerOp.DepthwiseConv _ -> false;
        };
    return isPacked && !graph.tensor(op.output()).isWide() && op.weights().fitFourBits();
  }

  /// [outputs][eights][4]: of eight weights the first four are the lower halves of four bytes, the others the upper ones; what is missing
  /// to the last eight is 0.
  static byte[] packed(Weights weights) {
    int each = weights.values().length / weights.outputs();
    int room = room(each);
    byte[] packed = new byte[weights.outputs() * room / 2];
    for (int i = 0; i < weights.values().length; i++) {
      int at = i / each * room + i % each;
      int half = at % TOGETHER / 4;
      packed[at / TOGETHER * 4 + at % 4] |= (byte) ((weights.values()[i] & 15) << 4 * half);
    }
    return packed;
  }

  /// Bytes that the largest two channels take when they are unpacked.
  static int scratch(IntegerGraph graph) {
    return graph
        .weighted()
        .filter(op -> fit(graph, op))
        .map(IntegerOp.Weighted::weights)
        .mapToInt(weights -> weights.values().length / weights.outputs())
        .map(each -> each + room(each))
        .max()
        .orElse(0);
  }

  private static int room(int each) {
    return Math.ceilDiv(each, TOGETHER) * TOGETHER;
  }
}
