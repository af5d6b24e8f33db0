package dev.halftone.device;

import static dev.halftone.device.Condition.when;
import static dev.halftone.device.IntegerKernel.ARITHMETIC;
import static dev.halftone.device.IntegerKernel.CLAMP;
import static dev.halftone.device.IntegerKernel.MOVE;
import static dev.halftone.device.IntegerKernel.NONE;
import static dev.halftone.device.IntegerKernel.WEIGHTED;
import static dev.halftone.device.Trait.TAKES_CLAMP;
import static dev.halftone.device.Trait.WIDE;

import dev.halftone.graph.Node;
import dev.halftone.tensor.DType;
import java.util.Arrays;
import java.util.List;

/// Devices that compute with integers only: the kernels of TFLite's quantization specification, and tables of 256 entries for
/// functions of one number.
///
/// Extents are not known here: what depends on them is refused when a graph is lowered.
final class IntegerOnly extends TabledDevice {

  private static final String CONSTANT_FORM =
      "the nearest form that runs in integers has constant weights and one bias an output";

  private static final Condition CONSTANT_SLOPE = Conditions.constant(1, "slope", "its slope is");

  private static final Condition NO_CONSTANT =
      Condition.of(
          "no constant",
          (node, around) ->
              when(
                  around.constant(node, 0).isPresent() || around.constant(node, 1).isPresent(),
                  "one of its factors is constant"));

  private static final Condition NEAREST = Conditions.nearest(mode -> "its mode is " + mode);

  private static final Condition CONSTANT_EXTENTS =
      Condition.of(
              "constant extents",
              (node, around) ->
                  when(
                      around.isComputed(node, 1)
                          || around.isComputed(node, 3)
                          || node.is("Slice") && around.isComputed(node, 4),
                      "a computed tensor tells it what to do"))
          .withRemedy("export the model with fixed extents, so that this is constant");

  private static final Condition FORWARDS =
      Condition.of(
              "forwards",
              (node, around) -> when(hasBelow(1, around, node, 4), "it steps backwards"))
          .withRemedy("the nearest form that runs in integers has positive steps");

  private static final Condition ZEROS =
      Condition.of(
              "zeros",
              (node, around) ->
                  when(
                      !node.textAttribute("mode", "constant").equals("constant")
                          || node.hasInput(2) && !isZero(around, node, 2),
                      "it pads with something else than zero"))
          .withRemedy("the nearest form that runs in integers pads with a constant zero");

  private static final Condition OUTWARDS =
      Condition.of(
              "outwards",
              (node, around) -> when(hasBelow(0, around, node, 1), "it pads by less than nothing"))
          .withRemedy("use a Slice");

  private static final List<Row> ROWS =
      List.of(
          Row.of("Conv", WEIGHTED, WIDE, TAKES_CLAMP)
              .along(WeightAxes.CONV)
              .needs(
                  Conditions.CONSTANT_WEIGHTS,
                  Conditions.CONSTANT_BIAS,
                  Conditions.KERNELS,
                  Conditions.GROUPS,
                  Conditions.bias(WeightAxes.CONV))
              .remedy(CONSTANT_FORM),
          Row.of("Gemm", WEIGHTED, WIDE, TAKES_CLAMP)
              .along(WeightAxes.GEMM)
              .needs(
                  Conditions.CONSTANT_ON_THE_RIGHT,
                  Conditions.CONSTANT_WEIGHTS,
                  Conditions.CONSTANT_BIAS,
                  Conditions.PLAIN_PRODUCT,
                  Conditions.PLAIN_ACTIVATIONS,
                  Conditions.MATRIX,
                  Conditions.bias(WeightAxes.GEMM))
              .remedy(CONSTANT_FORM),
          Row.of("MatMul", WEIGHTED, WIDE, TAKES_CLAMP)
              .along(WeightAxes.MATMUL)
              .needs(
                  Conditions.CONSTANT_ON_THE_RIGHT, Conditions.CONSTANT_WEIGHTS, Conditions.MATRIX)
              .remedy(CONSTANT_FORM),
          Row.of("MatMul", ARITHMETIC).needs(NO_CONSTANT),
          Row.of("Add", ARITHMETIC, WIDE, TAKES_CLAMP).needs(Conditions.COMPUTED_OPERAND),
          Row.of("Sub", ARITHMETIC, WIDE, TAKES_CLAMP).needs(Conditions.COMPUTED_OPERAND),
          Row.of("Mul", ARITHMETIC, WIDE, TAKES_CLAMP).needs(Conditions.COMPUTED_OPERAND),
          Row.of("Concat", ARITHMETIC, WIDE).needs(Conditions.COMPUTED_OPERAND),
          Row.of("GlobalAveragePool", ARITHMETIC, WIDE),
          Row.of("PRelu", ARITHMETIC)
              .needs(CONSTANT_SLOPE)
              .remedy("the nearest form that runs in integers has a constant slope"),
          Row.of("Softmax", ARITHMETIC).covering(0, 255 / 256f), // TFLite's makes 256ths
          Row.of("Sigmoid", ARITHMETIC),
          Row.of("Tanh", ARITHMETIC),
          Row.of("HardSigmoid", ARITHMETIC),
          Row.of("HardSwish", ARITHMETIC),
          Row.of("LeakyRelu", ARITHMETIC),
          Row.of("Elu", ARITHMETIC),
          Row.of("Softplus", ARITHMETIC),
          Row.of("Abs", ARITHMETIC),
          Row.of("Neg", ARITHMETIC),
          Row.of("AveragePool", MOVE, WIDE), // TFLite's has one scale on both sides
          Row.of("MaxPool", MOVE, WIDE).needs(Conditions.ONE_OUTPUT),
          Row.of("GlobalMaxPool", MOVE, WIDE),
          Row.of("Reshape", MOVE, WIDE),
          Row.of("Flatten", MOVE, WIDE),
          Row.of("Transpose", MOVE, WIDE),
          Row.of("Squeeze", MOVE, WIDE),
          Row.of("Unsqueeze", MOVE, WIDE),
          Row.of("Slice", MOVE, WIDE).needs(CONSTANT_EXTENTS, FORWARDS),
          Row.of("Split", MOVE, WIDE),
          Row.of("Pad", MOVE, WIDE).needs(ZEROS, CONSTANT_EXTENTS, OUTWARDS),
          Row.of("Resize", MOVE, WIDE)
              .needs(NEAREST)
              .remedy("the nearest form that runs in integers resizes by nearest"),
          Row.of("DepthToSpace", MOVE, WIDE),
          Row.of("Relu", CLAMP, WIDE),
          Row.of("Clip", CLAMP, WIDE).needs(Conditions.LOWEST, Conditions.HIGHEST),
          Row.of("ConvTranspose", NONE)
              .remedy(
                  "the nearest form that runs in integers has constant weights and a bias, and an input of four axes, NCHW, of known extents"),
          Row.of("Upsample", NONE)
              .remedy("the nearest form that runs in integers resizes by nearest"),
          Row.of("LogSoftmax", NONE).remedy("end the network at its logits, before this node"),
          Row.of("Div", NONE)
              .remedy("the nearest form that runs in integers is Mul by the constant reciprocal"),
          Row.of("BatchNormalization", NONE)
              .remedy("the nearest form that runs in integers follows a Conv"),
          Row.of("ReduceMean", NONE)
              .remedy("the nearest form that runs in integers is GlobalAveragePool"));

  IntegerOnly() {
    super(ROWS);
  }

  private static boolean hasBelow(long least, Surroundings around, Node node, int input) {
    return around
        .constant(node, input)
        .filter(tensor -> tensor.dtype() == DType.INT64 || tensor.dtype() == DType.INT32)
        .filter(tensor -> Arrays.stream(tensor.toLongs()).anyMatch(value -> value < least))
        .isPresent();
  }

  private static boolean isZero(Surroundings around, Node node, int input) {
    return around
        .constant(node, input)
        .filter(value -> value.count() == 1 && value.toFloats()[0] == 0)
        .isPresent();
  }

  @Override
  String noKernel(Node node) {
    return "an integer-only device has no integer kernel for " + node.opType();
  }

  @Override
  public boolean hasFloats() {
    return false;
  }

  @Override
  public boolean foldsConstants() {
    return false;
  }
}
