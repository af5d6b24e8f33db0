package dev.halftone.measure;

import dev.halftone.device.Device;
import dev.halftone.device.Devices;
import dev.halftone.device.IntegerKernel;
import dev.halftone.device.Support;
import dev.halftone.device.Trait;
import dev.halftone.graph.Graph;
import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Node;
import dev.halftone.measure.ValueKinds.Kind;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Tensor;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Why ONNX Runtime left a node in float, as far as its optimized graph tells: the first rule of its fusions that the node breaks.
final class FloatReason {

  private static final Device DEVICE = Devices.ONNX_RUNTIME_CPU;

  private final GraphIndex index;
  private final ValueKinds kinds;

  FloatReason(GraphIndex index, ValueKinds kinds) {
    this.index = index;
    this.kinds = kinds;
  }

  /// In words that follow the node's name.
  String of(Node node) {
    return refusal(node)
        .or(() -> besideProduct(node))
        .or(() -> floatInput(node))
        .or(() -> quantizedOtherwise(node))
        .or(() -> output(node))
        .or(() -> activation(node))
        .or(() -> movedUnequally(node))
        .or(() -> biasScale(node))
        .or(() -> mixedSigns(node))
        .orElse(
            "meets the rules that are known here, and ONNX Runtime left it in float all the same");
  }

  /// What holds for the kind and the form of the operation, whatever stands around it. What plans chose is no reason where the model
  /// asks for the kernel.
  private Optional<String> refusal(Node node) {
    Node plain = unfused(node);
    if (!(DEVICE.support(plain, new BehindDequantize(index)) instanceof Support.Refused refused)) {
      return Optional.empty();
    }
    boolean isAsked =
        DEVICE.has(plain, Trait.UNUSED)
            ? unquantizedOutput(node).isEmpty()
            : ValueKinds.data(node).stream()
                .allMatch(input -> isDequantized(input) && !isWide(input));
    return refused.ground() == Support.Ground.CHOICE && isAsked
        ? Optional.empty()
        : Optional.of(refused.because());
  }

  /// The operation that a fused one was made of.
  private static Node unfused(Node node) {
    return switch (node.opType()) {
      case "FusedConv", "FusedGemm", "FusedMatMul" ->
          Node.of(node.opType().substring(5), node.name(), node.inputs(), node.outputs())
              .withAttributes(node.attributes());
      default -> node;
    };
  }

  private boolean isWide(String input) {
    return behindCopy(index.producer(input))
        .flatMap(this::zeroPointType)
        .filter(type -> type.bits() == 16)
        .isPresent();
  }

  private boolean isDequantized(String input) {
    return behindCopy(index.producer(input)).filter(FloatReason::isDequantize).isPresent();
  }

  private Optional<String> floatInput(Node node) {
    for (String input : ValueKinds.data(node)) {
      Optional<Node> maker = behindCopy(index.producer(input));
      if (kinds.of(input) != Kind.FLOAT || maker.filter(FloatReason::isDequantize).isPresent()) {
        continue;
      }
      if (maker.isPresent()) {
        return Optional.of("its input comes from the float node " + maker.get().label());
      }
      if (!kinds.isConstant(input)) {
        return Optional.of("its input " + input + " is an input of the model and is not quantized");
      }
      if (!takesFloatBias(node, input)) {
        return Optional.of("its constant input " + input + " is not quantized");
      }
    }
    return Optional.empty();
  }

  private Stream<Node> makers(Node node) {
    return ValueKinds.data(node).stream().flatMap(input -> index.producer(input).stream());
  }

  private boolean readsProduct(Node node) {
    return makers(node).anyMatch(maker -> ValueKinds.isIntegerProduct(maker.opType()));
  }

  /// What stands around products that read integers and make floats.
  private Optional<String> besideProduct(Node node) {
    if (readsProduct(node)
        || makers(node).anyMatch(maker -> maker.is("Mul") && readsProduct(maker))) {
      return Optional.of("it works on what an integer product made, which is float");
    }
    boolean isRounded =
        node.outputs().stream()
            .flatMap(output -> index.consumers(output).stream())
            .anyMatch(reader -> reader.is("QuantizeLinear"));
    return isRounded && node.is("Mul")
        ? Optional.of("it divides each row by its greatest before the row becomes integers")
        : Optional.empty();
  }

  /// The node that made what a copy copies.
  private Optional<Node> behindCopy(Optional<Node> maker) {
    return maker
        .filter(ValueKinds::isCopy)
        .flatMap(copy -> index.producer(copy.input(0)))
        .or(() -> maker);
  }

  private boolean takesFloatBias(Node node, String input) {
    return DEVICE.has(unfused(node), Trait.TAKES_FLOAT_BIAS)
        && node.input(2).equals(input)
        && index.constant(input).filter(bias -> bias.shape().rank() == 1).isPresent();
  }

  private Optional<String> quantizedOtherwise(Node node) {
    for (String input : ValueKinds.data(node)) {
      Optional<Node> dequantize = index.producer(input).filter(FloatReason::isDequantize);
      if (dequantize.isEmpty()) {
        continue;
      }
      boolean constant = kinds.isConstant(input);
      Optional<DType> dtype = zeroPointType(dequantize.get());
      if (!constant && scale(dequantize.get()).filter(scale -> scale.count() > 1).isPresent()) {
        return Optional.of(
            "its input " + input + " has a scale per channel, where one for the tensor is needed");
      }
      if (dtype.filter(type -> type.bits() > 8 && type.bits() < 32).isPresent()
          && !DEVICE.has(node, Trait.WIDE)) {
        return Optional.of(
            "its input " + input + " has 16 bits, for which there is no integer kernel");
      }
      if (dtype.filter(type -> type.bits() < 8).isPresent()) {
        return Optional.of(
            "its input "
                + input
                + " has "
                + dtype.get().bits()
                + " bits without a Cast to 8 before DequantizeLinear");
      }
    }
    return Optional.empty();
  }

  private Optional<String> output(Node node) {
    if (DEVICE.has(node, Trait.GIVES_FLOATS)) {
      boolean floatBias =
          node.hasInput(2)
              && index.producer(node.input(2)).filter(FloatReason::isDequantize).isEmpty();
      return floatBias && unquantizedOutput(node).isPresent()
          ? Optional.of("its bias is in float, which needs an output that is quantized")
          : Optional.empty();
    }
    return unquantizedOutput(node);
  }

  private Optional<String> unquantizedOutput(Node node) {
    for (String output : node.outputs()) {
      if (output.isEmpty()) {
        continue;
      }
      List<Node> readers = index.consumers(output);
      if (index.isOutput(output)) {
        return Optional.of("its output " + output + " is an output of the model in float");
      }
      Optional<Node> other =
          readers.stream().filter(reader -> !reader.opType().equals("QuantizeLinear")).findFirst();
      if (other.isPresent()) {
        return Optional.of(
            "its output is not quantized: " + other.get().label() + " reads it in float");
      }
      if (readers.size() > 1) {
        return Optional.of("its output is quantized more than once");
      }
      if (readers.stream().anyMatch(q -> scale(q).filter(scale -> scale.count() > 1).isPresent())) {
        return Optional.of(
            "its output has a scale per channel, where one for the tensor is needed");
      }
    }
    return Optional.empty();
  }

  private static Optional<String> activation(Node node) {
    String activation =
        DEVICE.kernel(node) == IntegerKernel.CLAMP
            ? node.opType()
            : node.textAttribute("activation", "");
    return switch (activation) {
      case "" -> Optional.empty();
      case "Relu", "Clip" ->
          Optional.of(
              "the scale and zero point after its "
                  + activation
                  + " do not make the same cut: the integer range must end where the "
                  + activation
                  + " does, and the scale be a scalar");
      default -> Optional.of("its activation " + activation + " has no quantized input of its own");
    };
  }

  private Optional<String> movedUnequally(Node node) {
    if (DEVICE.kernel(node) != IntegerKernel.MOVE) {
      return Optional.empty();
    }
    Optional<Node> before = index.producer(node.input(0)).filter(FloatReason::isDequantize);
    Optional<Node> after = index.consumers(node.output()).stream().findFirst();
    return before.isPresent() && after.isPresent() && !sameParameters(before.get(), after.get())
        ? Optional.of(
            "its scale or zero point differs before and after, where "
                + node.opType()
                + " needs them equal")
        : Optional.empty();
  }

  /// ONNX Runtime takes an int32 bias in units of input scale times weight scale, within 1 % and 1e-6.
  private Optional<String> biasScale(Node node) {
    if (!DEVICE.has(unfused(node), Trait.CHECKS_BIAS) || !node.hasInput(2)) {
      return Optional.empty();
    }
    float[][] scales = new float[3][]; // of input, weights, bias: [1] or [outC]
    for (int i = 0; i < 3; i++) {
      Optional<Tensor> scale =
          index.producer(node.input(i)).filter(FloatReason::isDequantize).flatMap(this::scale);
      if (scale.isEmpty()) {
        return Optional.empty();
      }
      scales[i] = scale.get().toFloats();
    }
    for (int channel = 0; channel < Math.max(scales[1].length, scales[2].length); channel++) {
      float product = scales[0][0] * scales[1][Math.min(channel, scales[1].length - 1)];
      float bias = scales[2][Math.min(channel, scales[2].length - 1)];
      if (!(Math.abs(bias - product) <= 0.01f * product + 1e-6f)) {
        return Optional.of(
            "its bias has the scale %g in channel %d, where input scale times weight scale is %g"
                .formatted(bias, channel, product));
      }
    }
    return Optional.empty();
  }

  private Optional<String> mixedSigns(Node node) {
    Set<DType> types = EnumSet.noneOf(DType.class);
    for (String input : ValueKinds.data(node)) {
      if (!kinds.isConstant(input)) {
        index
            .producer(input)
            .filter(FloatReason::isDequantize)
            .flatMap(this::zeroPointType)
            .ifPresent(types::add);
      }
    }
    for (Node reader : index.consumers(node.output())) {
      constant(reader, 2).map(Tensor::dtype).ifPresent(types::add);
    }
    return types.size() > 1
        ? Optional.of("its inputs and output mix " + types + ", where one type is needed")
        : Optional.empty();
  }

  private boolean sameParameters(Node dequantize, Node quantize) {
    for (int parameter = 1; parameter <= 2; parameter++) {
      Optional<Tensor> one = constant(dequantize, parameter);
      Optional<Tensor> other = constant(quantize, parameter);
      if (one.isPresent() != other.isPresent()
          || (one.isPresent() && !one.get().sameAs(other.orElseThrow()))) {
        return false;
      }
    }
    return true;
  }

  private Optional<Tensor> scale(Node quantizeOrDequantize) {
    return constant(quantizeOrDequantize, 1);
  }

  private Optional<DType> zeroPointType(Node dequantize) {
    Graph graph = index.graph();
    return constant(dequantize, 2).or(() -> graph.constant(dequantize.input(0))).map(Tensor::dtype);
  }

  private Optional<Tensor> constant(Node node, int input) {
    return index.constant(node.input(input));
  }

  private static boolean isDequantize(Node node) {
    return node.opType().equals("DequantizeLinear");
  }
}
