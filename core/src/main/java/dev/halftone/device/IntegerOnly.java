package dev.halftone.device;

import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Node;
import dev.halftone.scheme.Range;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Devices that compute with integers only: the kernels of TFLite's quantization specification, and tables of 256 entries for
/// functions of one number.
final class IntegerOnly {

  private static final Map<String, IntegerKernel> KERNELS =
      Map.ofEntries(
          Map.entry("Conv", IntegerKernel.WEIGHTED),
          Map.entry("Gemm", IntegerKernel.WEIGHTED),
          Map.entry("MatMul", IntegerKernel.WEIGHTED),
          Map.entry("Add", IntegerKernel.ARITHMETIC),
          Map.entry("Sub", IntegerKernel.ARITHMETIC),
          Map.entry("Mul", IntegerKernel.ARITHMETIC),
          Map.entry("PRelu", IntegerKernel.ARITHMETIC),
          Map.entry("Softmax", IntegerKernel.ARITHMETIC),
          Map.entry("Concat", IntegerKernel.ARITHMETIC),
          Map.entry("GlobalAveragePool", IntegerKernel.ARITHMETIC),
          Map.entry("Sigmoid", IntegerKernel.ARITHMETIC),
          Map.entry("Tanh", IntegerKernel.ARITHMETIC),
          Map.entry("HardSigmoid", IntegerKernel.ARITHMETIC),
          Map.entry("HardSwish", IntegerKernel.ARITHMETIC),
          Map.entry("LeakyRelu", IntegerKernel.ARITHMETIC),
          Map.entry("Elu", IntegerKernel.ARITHMETIC),
          Map.entry("Softplus", IntegerKernel.ARITHMETIC),
          Map.entry("Abs", IntegerKernel.ARITHMETIC),
          Map.entry("Neg", IntegerKernel.ARITHMETIC),
          Map.entry("AveragePool", IntegerKernel.MOVE), // TFLite's has one scale on both sides
          Map.entry("MaxPool", IntegerKernel.MOVE),
          Map.entry("GlobalMaxPool", IntegerKernel.MOVE),
          Map.entry("Reshape", IntegerKernel.MOVE),
          Map.entry("Flatten", IntegerKernel.MOVE),
          Map.entry("Transpose", IntegerKernel.MOVE),
          Map.entry("Squeeze", IntegerKernel.MOVE),
          Map.entry("Unsqueeze", IntegerKernel.MOVE),
          Map.entry("Slice", IntegerKernel.MOVE),
          Map.entry("Split", IntegerKernel.MOVE),
          Map.entry("Pad", IntegerKernel.MOVE),
          Map.entry("Resize", IntegerKernel.MOVE),
          Map.entry("DepthToSpace", IntegerKernel.MOVE),
          Map.entry("Relu", IntegerKernel.CLAMP),
          Map.entry("Clip", IntegerKernel.CLAMP));

  /// Of the arithmetic ones those that TFLite has on int16 too.
  private static final Set<String> WIDE =
      Set.of("Add", "Sub", "Mul", "Concat", "GlobalAveragePool");

  private IntegerOnly() {}

  static IntegerKernel kernel(Node node) {
    return KERNELS.getOrDefault(node.operation(), IntegerKernel.NONE);
  }

  /// Weights, bounds and operands must be constant here as in ONNX Runtime, but for the second matrix of a product; the rest is told
  /// when a graph is lowered.
  static Optional<String> objection(Node node, GraphIndex index) {
    boolean constant = index.constant(node.input(1)).isPresent();
    return switch (node.opType()) {
      case "AveragePool" -> Optional.empty();
      case "MatMul" ->
          constant || index.constant(node.input(0)).isPresent()
              ? OrtCpu.objection(node, index)
              : Optional.empty();
      case "PRelu" ->
          constant ? Optional.empty() : Optional.of("its slope is computed, not constant");
      default -> OrtCpu.objection(node, index);
    };
  }

  static boolean takesWide(Node node, GraphIndex index) {
    return switch (kernel(node)) {
      case WEIGHTED -> index.constant(node.input(1)).isPresent();
      case ARITHMETIC -> WIDE.contains(node.opType());
      default -> true;
    };
  }

  /// TFLite's integer softmax makes 256ths.
  static Optional<Range> range(Node node) {
    return node.is("Softmax") ? Optional.of(new Range(0, 255 / 256f)) : Optional.empty();
  }
}
