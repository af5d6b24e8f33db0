package dev.halftone.device;

import static dev.halftone.device.Condition.when;
import static dev.halftone.device.IntegerKernel.ARITHMETIC;
import static dev.halftone.device.IntegerKernel.CLAMP;
import static dev.halftone.device.IntegerKernel.MOVE;
import static dev.halftone.device.IntegerKernel.NONE;
import static dev.halftone.device.IntegerKernel.WEIGHTED;
import static dev.halftone.device.Trait.CHECKS_BIAS;
import static dev.halftone.device.Trait.CROSSED;
import static dev.halftone.device.Trait.FUSED_BLINDLY;
import static dev.halftone.device.Trait.FUSED_WITH_ADD;
import static dev.halftone.device.Trait.GIVES_FLOATS;
import static dev.halftone.device.Trait.ROUNDS_WEIGHTS;
import static dev.halftone.device.Trait.TAKES_CLAMP;
import static dev.halftone.device.Trait.TAKES_FLOAT_BIAS;
import static dev.halftone.device.Trait.UNUSED;
import static dev.halftone.device.Trait.WIDE;

import dev.halftone.graph.Node;
import dev.halftone.tensor.Shape;
import java.util.List;

/// ONNX Runtime's CPU provider: the operations that it runs in integers once its optimizer has seen the Q/DQ nodes around them.
///
/// Found by experiment (docs/onnxruntime-qdq.md): `OnnxRuntimeTableTest` holds each row and each condition against the optimized graph of the
/// version in use.
final class OrtCpu extends TabledDevice {

  /// Kernels take computed weights too, and plans leave them the products of activations that floats make.
  private static final Condition CONSTANT_WEIGHTS = Conditions.CONSTANT_WEIGHTS.byChoice();

  private static final Condition CONSTANT_ON_THE_RIGHT =
      Conditions.CONSTANT_ON_THE_RIGHT.byChoice();

  private static final Condition COMPUTED_OPERAND = Conditions.COMPUTED_OPERAND.byChoice();

  private static final Condition NEAREST =
      Conditions.nearest(mode -> "ONNX Runtime resizes " + mode + " in float");

  private static final Condition NO_DILATIONS =
      Condition.of(
          "no dilations",
          (node, _) ->
              when(
                  node.attributes().containsKey("dilations"),
                  "ONNX Runtime fails to load an integer AveragePool that has a dilations attribute"));

  private static final Condition READ_OUTPUTS =
      Condition.of(
          "read outputs",
          (node, around) ->
              node.outputs().stream()
                  .filter(output -> !around.isRead(output))
                  .findFirst()
                  .map(output -> "nothing reads its output " + output));

  private static final List<Row> ROWS =
      List.of(
          Row.of("Conv", WEIGHTED, TAKES_CLAMP, ROUNDS_WEIGHTS, TAKES_FLOAT_BIAS, CHECKS_BIAS)
              .along(WeightAxes.CONV)
              .addingPairs((node, weight) -> !isDepthwise(node, weight))
              .needs(
                  CONSTANT_WEIGHTS,
                  Conditions.CONSTANT_BIAS,
                  Conditions.KERNELS,
                  Conditions.GROUPS,
                  Conditions.bias(WeightAxes.CONV)),
          Row.of("Gemm", WEIGHTED, TAKES_CLAMP, GIVES_FLOATS, ROUNDS_WEIGHTS, TAKES_FLOAT_BIAS)
              .along(WeightAxes.GEMM)
              .addingPairs((_, _) -> true)
              .needs(
                  CONSTANT_ON_THE_RIGHT,
                  CONSTANT_WEIGHTS,
                  Conditions.CONSTANT_BIAS,
                  Conditions.PLAIN_PRODUCT,
                  Conditions.PLAIN_ACTIVATIONS.byChoice(),
                  Conditions.MATRIX,
                  Conditions.bias(WeightAxes.GEMM).byChoice()),
          Row.of("MatMul", WEIGHTED, TAKES_CLAMP, GIVES_FLOATS, FUSED_WITH_ADD)
              .along(WeightAxes.MATMUL)
              .addingPairs((_, _) -> true)
              .needs(CONSTANT_ON_THE_RIGHT, CONSTANT_WEIGHTS, Conditions.MATRIX.byChoice()),
          Row.of("ConvTranspose", NONE, ROUNDS_WEIGHTS),
          Row.of("Add", ARITHMETIC, TAKES_CLAMP).needs(COMPUTED_OPERAND),
          Row.of("Mul", ARITHMETIC, TAKES_CLAMP).needs(COMPUTED_OPERAND),
          Row.of("Concat", ARITHMETIC).needs(COMPUTED_OPERAND),
          Row.of("AveragePool", ARITHMETIC, FUSED_BLINDLY).needs(NO_DILATIONS),
          Row.of("GlobalAveragePool", ARITHMETIC),
          Row.of("Sigmoid", ARITHMETIC),
          Row.of("LeakyRelu", ARITHMETIC),
          Row.of("Softmax", ARITHMETIC, UNUSED),
          Row.of("Where", ARITHMETIC, UNUSED).readingFrom(1),
          Row.of("MaxPool", MOVE, CROSSED).needs(Conditions.ONE_OUTPUT),
          Row.of("Reshape", MOVE, CROSSED, WIDE),
          Row.of("Flatten", MOVE, WIDE),
          Row.of("Transpose", MOVE, CROSSED, WIDE),
          Row.of("Squeeze", MOVE, CROSSED, WIDE),
          Row.of("Unsqueeze", MOVE, CROSSED, WIDE),
          Row.of("Slice", MOVE, CROSSED, WIDE),
          Row.of("Split", MOVE, WIDE).needs(READ_OUTPUTS),
          Row.of("Gather", MOVE, WIDE),
          Row.of("Expand", MOVE, WIDE),
          Row.of("Tile", MOVE, WIDE),
          Row.of("DepthToSpace", MOVE),
          Row.of("Resize", MOVE).needs(NEAREST),
          Row.of("GatherElements", MOVE, WIDE, UNUSED),
          Row.of("ReduceMax", MOVE, UNUSED),
          Row.of("ReduceMin", MOVE, UNUSED),
          Row.of("ArgMax", MOVE, GIVES_FLOATS, UNUSED),
          Row.of("Relu", CLAMP),
          Row.of("Clip", CLAMP).needs(Conditions.LOWEST, Conditions.HIGHEST));

  OrtCpu() {
    super(ROWS);
  }

  @Override
  String noKernel(Node node) {
    return has(node, UNUSED)
        ? "no integers are made for the sake of its kernel alone"
        : InsideBodies.reason(node)
            .orElse("ONNX Runtime has no integer kernel for " + node.opType());
  }

  /// The kernel of a depthwise convolution adds in 32 bits.
  private static boolean isDepthwise(Node node, Shape weight) {
    return weight.dim(1) == 1 && node.intAttribute("group", 1) == weight.dim(0);
  }

  @Override
  public boolean hasFloats() {
    return true;
  }

  @Override
  public boolean foldsConstants() {
    return true;
  }
}
