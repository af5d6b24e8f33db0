package dev.halftone.measure;

import dev.halftone.device.Devices;
import dev.halftone.graph.Attribute;
import dev.halftone.graph.Graph;
import dev.halftone.graph.Node;
import dev.halftone.graph.TensorType;
import dev.halftone.graph.Value;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Tensor;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Whether each value of an optimized graph holds floats, quantized integers, or indices: what its operation makes of its inputs.
final class ValueKinds {

  enum Kind {
    FLOAT,
    /// 8 or 16 bits or fewer, and the 32-bit sums of integer kernels.
    QUANTIZED,
    /// Sizes, positions, truth values.
    INDEX
  }

  /// Operations without a row in the device's table whose first input is the data; the others say how to move or cut it.
  private static final Set<String> FIRST_INPUT_IS_DATA =
      Set.of(
          "GatherND",
          "SpaceToDepth",
          "Upsample",
          "Pad",
          "ReduceMean",
          "ReduceSum",
          "Identity",
          "TopK",
          "Compress",
          "Trilu",
          "ArgMin");

  private static final Set<String> MAKES_INDICES =
      Set.of(
          "Shape",
          "Size",
          "NonZero",
          "ArgMax",
          "ArgMin",
          "Equal",
          "Less",
          "LessOrEqual",
          "Greater",
          "GreaterOrEqual",
          "And",
          "Or",
          "Xor",
          "Not",
          "IsNaN",
          "IsInf",
          "NonMaxSuppression");

  private final Map<String, Kind> kinds = new HashMap<>();
  private final Set<String> constants = new HashSet<>();

  private ValueKinds() {}

  static ValueKinds of(Graph graph) {
    ValueKinds found = new ValueKinds();
    for (List<Value> declared : List.of(graph.valueInfo(), graph.outputs(), graph.inputs())) {
      for (Value value : declared) {
        value.type().ifPresent(type -> found.kinds.put(value.name(), kind(type)));
      }
    }
    graph
        .initializers()
        .forEach((name, tensor) -> {
          found.kinds.put(name, kind(tensor.dtype()));
          if (graph.constant(name).isPresent()) {
            found.constants.add(name);
          }
        });
    graph.nodes().forEach(found::propagate);
    return found;
  }

  Kind of(String value) {
    return kinds.getOrDefault(value, Kind.FLOAT);
  }

  /// True of initializers, and of what is dequantized or moved from them alone.
  boolean isConstant(String value) {
    return constants.contains(value);
  }

  /// The inputs that carry data, not parameters.
  static List<String> data(Node node) {
    List<String> inputs = node.inputs();
    List<String> data =
        switch (node.opType()) {
          case "QuantizeLinear", "DequantizeLinear" ->
              inputs.subList(0, Math.min(1, inputs.size()));
          default ->
              FIRST_INPUT_IS_DATA.contains(node.opType())
                  ? inputs.subList(0, Math.min(1, inputs.size()))
                  : Devices.ONNX_RUNTIME_CPU.data(node).orElse(inputs);
        };
    return data.stream().filter(input -> !input.isEmpty()).toList();
  }

  KernelKind kernel(Node node) {
    String op = node.opType();
    List<String> data = data(node);
    if (op.endsWith("QuantizeLinear") || op.equals("DequantizeLinear")) {
      return data.stream().allMatch(this::isConstant) ? KernelKind.CONSTANT : KernelKind.CONVERSION;
    }
    if (computesWithIntegers(op)) {
      return KernelKind.INTEGER;
    }
    if (op.equals("MatMulNBits") || op.equals("GatherBlockQuantized")) {
      return KernelKind.WEIGHT_ONLY;
    }
    if (op.equals("Shape") || op.equals("Size")) {
      return KernelKind.SHAPE;
    }
    if (isCopy(node)) {
      return KernelKind.COPY;
    }
    if (!node.bodies().isEmpty()) {
      return KernelKind.FLOAT;
    }
    if (!data.isEmpty() && data.stream().allMatch(this::isConstant)) {
      return KernelKind.CONSTANT;
    }
    if (data.stream().allMatch(input -> of(input) == Kind.INDEX)) {
      return KernelKind.SHAPE;
    }
    return data.stream().allMatch(input -> of(input) != Kind.FLOAT)
        ? KernelKind.INTEGER
        : KernelKind.FLOAT;
  }

  /// A sum of one operand.
  static boolean isCopy(Node node) {
    return node.is("Sum") && node.inputs().size() == 1;
  }

  private static boolean computesWithIntegers(String op) {
    return op.startsWith("QLinear")
        || op.equals("QGemm")
        || op.equals("QAttention")
        || op.startsWith("ConvInteger")
        || isIntegerProduct(op)
        || op.equals("DynamicQuantizeLSTM");
  }

  /// True of what ONNX Runtime makes of products that read integers and make floats.
  static boolean isIntegerProduct(String op) {
    return op.startsWith("MatMulInteger") || op.equals("DynamicQuantizeMatMul");
  }

  private void propagate(Node node) {
    List<String> data = data(node);
    if (!data.isEmpty() && data.stream().allMatch(this::isConstant)) {
      constants.addAll(node.outputs());
    }
    for (int i = 0; i < node.outputs().size(); i++) {
      kinds.put(node.outputs().get(i), output(node, i, data));
    }
  }

  private Kind output(Node node, int i, List<String> data) {
    String op = node.opType();
    if (MAKES_INDICES.contains(op) || (op.equals("TopK") && i == 1)) {
      return Kind.INDEX;
    }
    return switch (op) {
      case "QuantizeLinear" -> Kind.QUANTIZED;
      case "DequantizeLinear" -> Kind.FLOAT;
      case "DynamicQuantizeLinear" -> i == 1 ? Kind.FLOAT : Kind.QUANTIZED;
      case "ConvInteger", "MatMulInteger" -> Kind.QUANTIZED;
      case "QGemm" -> node.hasInput(7) ? Kind.QUANTIZED : Kind.FLOAT; // the scale of the output
      case "Cast" ->
          Optional.ofNullable(DType.ofCode((int) node.intAttribute("to", 1)))
              .map(ValueKinds::kind)
              .orElse(Kind.FLOAT);
      case "ConstantOfShape", "Constant" ->
          node.attributes().get("value") instanceof Attribute.TensorValue(Tensor tensor)
              ? kind(tensor.dtype())
              : Kind.FLOAT;
      default -> {
        if (op.startsWith("QLinear")) {
          yield Kind.QUANTIZED;
        }
        if (data.isEmpty() || computesWithIntegers(op)) {
          yield Kind.FLOAT;
        }
        yield data.stream().anyMatch(input -> of(input) == Kind.FLOAT)
            ? Kind.FLOAT
            : of(data.getFirst());
      }
    };
  }

  private static Kind kind(TensorType type) {
    return kind(type.dtype());
  }

  private static Kind kind(DType dtype) {
    return switch (dtype) {
      case INT8, UINT8, INT16, UINT16, INT4, UINT4, INT2, UINT2 -> Kind.QUANTIZED;
      case INT32, INT64, UINT32, UINT64, BOOL, STRING -> Kind.INDEX;
      default -> Kind.FLOAT;
    };
  }
}
