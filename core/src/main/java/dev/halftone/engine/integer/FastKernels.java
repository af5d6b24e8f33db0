package dev.halftone.engine.integer;

import dev.halftone.integer.IntegerGraph;
import dev.halftone.integer.IntegerOp;
import dev.halftone.integer.IntegerTensor;
import java.util.Optional;

/// The faster twins of some operations: vectors where the JVM was started with `--add-modules jdk.incubator.vector`, loops that it
/// vectorizes by itself elsewhere.
final class FastKernels {

  private static final boolean VECTORS =
      ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();

  /// Fewer output channels do not fill the lanes.
  private static final int LEAST_LANES = 8;

  private FastKernels() {}

  /// @param threads that share an operation out
  static Optional<Kernel> of(IntegerGraph graph, IntegerOp op, int threads) {
    IntegerTensor in = graph.tensor(op.inputs().getFirst());
    IntegerTensor out = graph.tensor(op.output());
    return switch (op) {
      case IntegerOp.Conv conv when in.isWide() -> Optional.of(WideConv2d.of(conv, in, out));
      case IntegerOp.DepthwiseConv conv when in.isWide() ->
          Optional.of(WideConv2d.of(conv, in, out));
      case IntegerOp.FullyConnected full when in.isWide() ->
          Optional.of(WideConv2d.of(full, in, out));
      case IntegerOp.Conv conv when conv.groups() == 1 && out.dim(3) >= LEAST_LANES ->
          Optional.of(
              VECTORS ? new VectorConv2d(conv, in, out, threads) : new LanesConv2d(conv, in, out));
      case IntegerOp.DepthwiseConv conv
          when VECTORS
              && in.dim(3) == out.dim(3)
              && out.dim(3) >= LEAST_LANES
              && conv.window().taps() <= VectorDepthwise2d.MOST_TAPS ->
          Optional.of(new VectorDepthwise2d(conv, in, out, threads));
      case IntegerOp.FullyConnected full -> Optional.of(new Linear(full, in, out));
      default -> Optional.empty();
    };
  }
}
