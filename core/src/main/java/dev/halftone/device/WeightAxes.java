package dev.halftone.device;

import dev.halftone.graph.Node;
import java.util.function.ToIntFunction;

/// The axes of weights that output channels lie along, as ONNX defines the operations.
final class WeightAxes {

  /// `[outC][inC/group][k...]`
  static final ToIntFunction<Node> CONV = _ -> 0;

  /// `[inputs][outputs]`, or the other way round.
  static final ToIntFunction<Node> GEMM = node -> node.intAttribute("transB", 0) == 0 ? 1 : 0;

  /// `[inputs][outputs]`
  static final ToIntFunction<Node> MATMUL = _ -> 1;

  private WeightAxes() {}
}
