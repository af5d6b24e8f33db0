package dev.halftone.device;

import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Node;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// ONNX Runtime's CPU provider: the operations that it runs in integers once its optimizer has seen the Q/DQ nodes around them.
///
/// Found by experiment with versions 1.29 and 1.32 (docs/onnxruntime-qdq.md): a pattern stands here only if the optimized graph showed
/// the integer kernel.
public final class OrtCpu {

  private static final Map<String, IntegerKernel> KERNELS =
      Map.ofEntries(
          Map.entry("Conv", IntegerKernel.WEIGHTED),
          Map.entry("Gemm", IntegerKernel.WEIGHTED),
          Map.entry("MatMul", IntegerKernel.WEIGHTED),
          Map.entry("Add", IntegerKernel.ARITHMETIC),
          Map.entry("Mul", IntegerKernel.ARITHMETIC),
          Map.entry("Concat", IntegerKernel.ARITHMETIC),
          Map.entry("AveragePool", IntegerKernel.ARITHMETIC),
          Map.entry("GlobalAveragePool", IntegerKernel.ARITHMETIC),
          Map.entry("Sigmoid", IntegerKernel.ARITHMETIC),
          Map.entry("LeakyRelu", IntegerKernel.ARITHMETIC),
          Map.entry("MaxPool", IntegerKernel.MOVE),
          Map.entry("Reshape", IntegerKernel.MOVE),
          Map.entry("Flatten", IntegerKernel.MOVE),
          Map.entry("Transpose", IntegerKernel.MOVE),
          Map.entry("Squeeze", IntegerKernel.MOVE),
          Map.entry("Unsqueeze", IntegerKernel.MOVE),
          Map.entry("Slice", IntegerKernel.MOVE),
          Map.entry("Split", IntegerKernel.MOVE),
          Map.entry("Gather", IntegerKernel.MOVE),
          Map.entry("Expand", IntegerKernel.MOVE),
          Map.entry("Tile", IntegerKernel.MOVE),
          Map.entry("DepthToSpace", IntegerKernel.MOVE),
          Map.entry("Resize", IntegerKernel.MOVE),
          Map.entry("Relu", IntegerKernel.CLAMP),
          Map.entry("Clip", IntegerKernel.CLAMP));

  /// Why a product of two activations stays float.
  public static final String COMPUTED = "its weights are computed, not constant";

  /// Why a product whose first factor is constant stays float.
  public static final String LEFT_CONSTANT =
      "its constant is on the left, where kernels take activations";

  /// Operations that ONNX Runtime runs in integers where these surround them, and that plans make none for.
  private static final Set<String> LEFT =
      Set.of("Softmax", "Where", "ArgMax", "GatherElements", "ReduceMax", "ReduceMin");

  private OrtCpu() {}

  public static IntegerKernel kernel(Node node) {
    return KERNELS.getOrDefault(node.operation(), IntegerKernel.NONE);
  }

  /// True where the kernel moves elements, and needs one scale and zero point on both sides.
  public static boolean isMove(Node node) {
    return kernel(node) == IntegerKernel.MOVE
        || Set.of("GatherElements", "ReduceMax", "ReduceMin").contains(node.opType());
  }

  /// Why an operation of a kind that has no kernel stays float, in words that follow its name. The one source of these words, for
  /// plans and for what became of them in the runtime.
  public static String noKernel(Node node) {
    return isLeft(node)
        ? "no integers are made for the sake of its kernel alone"
        : InsideBodies.reason(node)
            .orElse("ONNX Runtime has no integer kernel for " + node.opType());
  }

  /// Why an operation of this kind and form stays float whatever it reads; empty where it need not.
  public static Optional<String> never(Node node) {
    return kernel(node) == IntegerKernel.NONE ? Optional.of(noKernel(node)) : form(node);
  }

  /// True where the runtime has a kernel that plans make no use of.
  public static boolean isLeft(Node node) {
    return LEFT.contains(node.operation());
  }

  /// Why the operation has no integer kernel here although its kind has one; empty where it has.
  public static Optional<String> objection(Node node, GraphIndex index) {
    return switch (node.opType()) {
      case "Conv" -> constant(node, index).or(() -> kernels(node, index));
      case "Gemm" -> gemm(node, index);
      case "MatMul" -> constantWeight(node, index).or(() -> matrix(node, index));
      case "Clip" -> bound(node, index, 1).or(() -> bound(node, index, 2));
      case "Add", "Mul", "Concat" -> operands(node, index);
      default -> form(node);
    };
  }

  private static Optional<String> form(Node node) {
    return switch (node.opType()) {
      case "Resize" ->
          node.textAttribute("mode", "nearest").equals("nearest")
              ? Optional.empty()
              : Optional.of("ONNX Runtime resizes " + node.textAttribute("mode", "") + " in float");
      case "AveragePool" ->
          node.attributes().containsKey("dilations")
              ? Optional.of(
                  "ONNX Runtime fails to load an integer AveragePool that has a dilations attribute")
              : Optional.empty();
      case "MaxPool" ->
          node.outputs().size() > 1
              ? Optional.of("its second output, the indices, exists in float only")
              : Optional.empty();
      default -> Optional.empty();
    };
  }

  /// The axis of a weighted operation's weights that its output channels lie along.
  public static int outputAxis(Node node) {
    return node.is("Conv") || node.is("Gemm") && node.intAttribute("transB", 0) != 0 ? 0 : 1;
  }

  /// Empty where the kernel adds products in 32 bits: a depthwise convolution's does.
  public static Optional<PairedProducts> paired(Node node, Shape weight) {
    boolean depthwise =
        node.is("Conv") && weight.dim(1) == 1 && node.intAttribute("group", 1) == weight.dim(0);
    return depthwise
        ? Optional.empty()
        : Optional.of(PairedProducts.of(node, weight, (int) weight.dim(outputAxis(node))));
  }

  private static Optional<String> constant(Node node, GraphIndex index) {
    return constantWeight(node, index).or(() -> constantBias(node, index));
  }

  private static Optional<String> constantWeight(Node node, GraphIndex index) {
    if (index.constant(node.input(1)).isPresent()) {
      return Optional.empty();
    }
    boolean left = !node.is("Conv") && index.constant(node.input(0)).isPresent();
    return Optional.of(left ? LEFT_CONSTANT : COMPUTED);
  }

  private static Optional<String> constantBias(Node node, GraphIndex index) {
    return !node.hasInput(2) || index.constant(node.input(2)).isPresent()
        ? Optional.empty()
        : Optional.of("its bias is computed, not constant");
  }

  private static Optional<String> gemm(Node node, GraphIndex index) {
    Optional<String> constant = constant(node, index);
    if (constant.isPresent()) {
      return constant;
    }
    if (node.floatAttribute("alpha", 1) != 1 || node.floatAttribute("beta", 1) != 1) {
      return Optional.of("its alpha or beta is not 1");
    }
    if (node.intAttribute("transA", 0) != 0) {
      return Optional.of("its activations are transposed");
    }
    Optional<String> matrix = matrix(node, index);
    if (matrix.isPresent()) {
      return matrix;
    }
    return bias(node, index);
  }

  private static Optional<String> bias(Node node, GraphIndex index) {
    Shape weight = index.constant(node.input(1)).orElseThrow().shape();
    long outputs = weight.dim(outputAxis(node));
    return index
        .constant(node.input(2))
        .map(Tensor::shape)
        .filter(bias -> bias.rank() == 0 || bias.dim(-1) != outputs || bias.count() != outputs)
        .map(bias -> "its bias of shape " + bias + " is not one number an output");
  }

  private static Optional<String> matrix(Node node, GraphIndex index) {
    Tensor weight = index.constant(node.input(1)).orElseThrow();
    return weight.shape().rank() == 2 && weight.count() > 0
        ? Optional.empty()
        : Optional.of("its weights are no matrix but of shape " + weight.shape());
  }

  private static Optional<String> kernels(Node node, GraphIndex index) {
    Shape weight = index.constant(node.input(1)).orElseThrow().shape();
    long groups = node.intAttribute("group", 1);
    if (weight.rank() < 3 || weight.count() == 0) {
      return Optional.of("its weights are no kernels but of shape " + weight);
    }
    return groups >= 1 && weight.dim(0) % groups == 0
        ? bias(node, index)
        : Optional.of("its %d kernels are not of %d groups".formatted(weight.dim(0), groups));
  }

  private static Optional<String> bound(Node node, GraphIndex index, int input) {
    Optional<Tensor> bound = index.constant(node.input(input));
    if (bound.isEmpty()) {
      return node.hasInput(input) ? Optional.of("its bounds are not constant") : Optional.empty();
    }
    return bound
        .filter(constant -> constant.count() != 1)
        .map(constant -> "its bound of shape " + constant.shape() + " is not one number");
  }

  private static Optional<String> operands(Node node, GraphIndex index) {
    return node.inputs().stream().allMatch(in -> index.constant(in).isPresent())
        ? Optional.of("all its operands are constant")
        : Optional.empty();
  }
}
