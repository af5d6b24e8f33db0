package dev.halftone.graph.shape;

import dev.halftone.graph.Attribute;
import dev.halftone.graph.Dim;
import dev.halftone.graph.Dim.Known;
import dev.halftone.graph.Node;
import dev.halftone.graph.TensorType;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/// Operations whose result depends on a shape or on an attribute, not on a tensor's elements.
final class Sources {

  private Sources() {}

  static Map<String, Rule> rules() {
    Map<String, Rule> rules = new HashMap<>();
    rules.put("Shape", Sources::shape);
    rules.put("Size", _ -> List.of(TensorType.of(DType.INT64, List.of())));
    rules.put("ConstantOfShape", Sources::constantOfShape);
    rules.put("Range", Sources::range);
    rules.put("EyeLike", Sources::like);
    rules.put("RandomNormalLike", Sources::like);
    rules.put("RandomUniformLike", Sources::like);
    rules.put("Bernoulli", Sources::like);
    rules.put("RandomNormal", Sources::random);
    rules.put("RandomUniform", Sources::random);
    return rules;
  }

  private static List<TensorType> shape(NodeInputs call) {
    int rank = call.type(0).rank();
    Dim length = rank < 0 ? Dim.UNKNOWN : Dim.of(part(call.node(), call.dims(0)).size());
    return List.of(TensorType.of(DType.INT64, List.of(length)));
  }

  /// The axes from attribute `start` to `end` (opset 15), all of them without.
  static List<Dim> part(Node node, List<Dim> dims) {
    int start = clamped(node.intAttribute("start", 0), dims.size());
    int end = clamped(node.intAttribute("end", dims.size()), dims.size());
    return start < end ? dims.subList(start, end) : List.of();
  }

  private static int clamped(long axis, int rank) {
    return Math.clamp(axis < 0 ? axis + rank : axis, 0, rank);
  }

  private static List<TensorType> constantOfShape(NodeInputs call) {
    DType dtype =
        call.node().attributes().get("value") instanceof Attribute.TensorValue(Tensor value)
            ? value.dtype()
            : DType.FLOAT;
    if (call.fact(0).contents().isPresent()) {
      return List.of(TensorType.of(dtype, call.contents(0)));
    }
    long rank = Dims.known(call.dim(0, 0)).orElseThrow(CannotTell::new);
    return List.of(TensorType.of(dtype, Dims.unknown(rank)));
  }

  private static List<TensorType> range(NodeInputs call) {
    Dim length = Dim.UNKNOWN;
    Dim start = bound(call, 0);
    Dim limit = bound(call, 1);
    Dim step = bound(call, 2);
    if (start instanceof Known(long from)
        && limit instanceof Known(long to)
        && step instanceof Known(long by)
        && by != 0) {
      length = Dim.of(Math.max(0, Math.ceilDiv(Math.subtractExact(to, from), by)));
    } else if (Dims.is(start, 0) && Dims.is(step, 1)) {
      length = limit;
    } else if (areConstantFloats(call)) {
      double steps = (number(call, 1) - number(call, 0)) / number(call, 2);
      length = Dim.of((long) Math.max(0, Math.ceil(steps)));
    }
    return call.of(List.of(length));
  }

  private static boolean areConstantFloats(NodeInputs call) {
    return IntStream.range(0, 3)
        .mapToObj(call::fact)
        .allMatch(fact ->
            fact.constant()
                .filter(tensor -> tensor.dtype().isFloat() && tensor.count() == 1)
                .isPresent());
  }

  private static double number(NodeInputs call, int input) {
    Tensor tensor = call.fact(input).constant().orElseThrow(CannotTell::new);
    return tensor.dtype() == DType.DOUBLE
        ? tensor.data().get(Tensor.DOUBLE_LE, 0)
        : tensor.toFloats()[0];
  }

  private static Dim bound(NodeInputs call, int input) {
    return call.fact(input).contents().map(List::getFirst).orElse(Dim.UNKNOWN);
  }

  private static List<TensorType> like(NodeInputs call) {
    long code = call.node().intAttribute("dtype", 0);
    DType dtype = code == 0 ? call.dtype(0) : ElementwiseShapes.ofCode(code);
    return List.of(TensorType.of(dtype, call.dims(0)));
  }

  private static List<TensorType> random(NodeInputs call) {
    long[] shape = call.longs("shape").orElseThrow(CannotTell::new);
    DType dtype = ElementwiseShapes.ofCode(call.node().intAttribute("dtype", DType.FLOAT.code()));
    return List.of(TensorType.of(dtype, new Shape(shape)));
  }

  /// What a Constant node holds; empty where it is no dense tensor of numbers.
  static Optional<Tensor> constant(Node node) {
    for (Map.Entry<String, Attribute> entry : node.attributes().entrySet()) {
      Optional<Tensor> tensor =
          switch (entry.getValue()) {
            case Attribute.TensorValue(Tensor value) -> Optional.of(value);
            case Attribute.Float(float value) -> Optional.of(Tensor.scalar(value));
            case Attribute.Int(long value) -> Optional.of(Tensor.of(Shape.SCALAR, value));
            case Attribute.Ints(List<Long> values) ->
                Optional.of(Tensor.vector(values.stream().mapToLong(Long::longValue).toArray()));
            case Attribute.Floats(List<Float> values) -> {
              float[] elements = new float[values.size()];
              for (int i = 0; i < elements.length; i++) {
                elements[i] = values.get(i);
              }
              yield Optional.of(Tensor.vector(elements));
            }
            default -> Optional.empty();
          };
      if (tensor.isPresent() && entry.getKey().startsWith("value")) {
        return tensor;
      }
    }
    return Optional.empty();
  }
}
