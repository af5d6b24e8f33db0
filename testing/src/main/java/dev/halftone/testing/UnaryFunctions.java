package dev.halftone.testing;

import dev.halftone.graph.Node;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;

/// Functions of one number.
final class UnaryFunctions {

  /// The function, by the attributes of its node.
  interface OfNode extends Function<Node, DoubleUnaryOperator> {}

  private static OfNode plain(DoubleUnaryOperator function) {
    return _ -> function;
  }

  static final Map<String, OfNode> ALL =
      Map.ofEntries(
          Map.entry("Relu", plain(x -> Math.max(x, 0))),
          Map.entry("Sigmoid", plain(x -> 1 / (1 + Math.exp(-x)))),
          Map.entry("Tanh", plain(Math::tanh)),
          Map.entry("Erf", plain(UnaryFunctions::erf)),
          Map.entry("Gelu", plain(x -> x / 2 * (1 + erf(x / Math.sqrt(2))))),
          Map.entry("Sqrt", plain(Math::sqrt)),
          Map.entry("Exp", plain(Math::exp)),
          Map.entry("Log", plain(Math::log)),
          Map.entry("Abs", plain(Math::abs)),
          Map.entry("Neg", plain(x -> -x)),
          Map.entry("Reciprocal", plain(x -> 1 / x)),
          Map.entry("Softplus", plain(x -> x > 30 ? x : Math.log1p(Math.exp(x)))),
          Map.entry("HardSwish", plain(x -> x * Math.clamp(x / 6 + 0.5, 0.0, 1.0))),
          Map.entry("HardSigmoid", UnaryFunctions::hardSigmoid),
          Map.entry("LeakyRelu", UnaryFunctions::leakyRelu),
          Map.entry("Elu", UnaryFunctions::elu));

  private UnaryFunctions() {}

  private static DoubleUnaryOperator hardSigmoid(Node node) {
    double alpha = node.floatAttribute("alpha", 0.2f);
    double beta = node.floatAttribute("beta", 0.5f);
    return x -> Math.clamp(alpha * x + beta, 0.0, 1.0);
  }

  private static DoubleUnaryOperator leakyRelu(Node node) {
    double alpha = node.floatAttribute("alpha", 0.01f);
    return x -> x < 0 ? alpha * x : x;
  }

  private static DoubleUnaryOperator elu(Node node) {
    double alpha = node.floatAttribute("alpha", 1);
    return x -> x < 0 ? alpha * Math.expm1(x) : x;
  }

  static Tensor run(Call call, OfNode function) {
    call.only("approximate", "none");
    return map(call, function.apply(call.node()));
  }

  private static Tensor map(Call call, DoubleUnaryOperator function) {
    float[] values = call.floats(0);
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) function.applyAsDouble(values[i]);
    }
    return Tensor.of(call.shape(0), values);
  }

  /// 2 / sqrt(pi) exp(-x^2) times the sum of 2^n x^(2n+1) / (2n+1)!!, whose terms all have one sign.
  private static double erf(double x) {
    if (Math.abs(x) > 6) {
      return Math.signum(x);
    }
    double term = x;
    double sum = x;
    for (int n = 1; Math.abs(term) > 1e-18 * Math.abs(sum); n++) {
      term *= 2 * x * x / (2 * n + 1);
      sum += term;
    }
    return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
  }

  static Tensor clip(Call call) {
    if (call.in(0).dtype().isInteger()) {
      int[] values = call.ints(0);
      int low = call.has(1) ? call.ints(1)[0] : Integer.MIN_VALUE;
      int high = call.has(2) ? call.ints(2)[0] : Integer.MAX_VALUE;
      for (int i = 0; i < values.length; i++) {
        values[i] = Math.min(Math.max(values[i], low), high);
      }
      return Tensor.ofIntegers(call.in(0).dtype(), call.shape(0), values);
    }
    float low = call.has(1) ? call.floats(1)[0] : Float.NEGATIVE_INFINITY;
    float high = call.has(2) ? call.floats(2)[0] : Float.POSITIVE_INFINITY;
    return map(call, x -> Math.min(Math.max(x, low), high));
  }

  static Tensor not(Call call) {
    byte[] values = call.in(0).toBytes();
    for (int i = 0; i < values.length; i++) {
      values[i] = (byte) (values[i] == 0 ? 1 : 0);
    }
    return Tensor.of(DType.BOOL, call.shape(0), values);
  }

  static Tensor cast(Call call) {
    Tensor from = call.in(0);
    DType to = DType.ofCode(call.integer("to", 0));
    if (to == DType.FLOAT) {
      return Tensor.of(from.shape(), from.toFloats());
    }
    if (to == DType.FLOAT16) {
      return halves(from);
    }
    if (to == null || !to.isWhole()) {
      throw call.unsupported("makes " + to);
    }
    if (to == DType.BOOL) {
      float[] values = from.toFloats();
      byte[] made = new byte[values.length];
      for (int i = 0; i < made.length; i++) {
        made[i] = (byte) (values[i] == 0 ? 0 : 1);
      }
      return Tensor.of(to, from.shape(), made);
    }
    if (from.dtype().isWhole()) {
      return integers(to, from.shape(), from.toLongs());
    }
    float[] values = from.toFloats();
    long[] cut = new long[values.length];
    for (int i = 0; i < cut.length; i++) {
      cut[i] = (long) values[i];
    }
    return integers(to, from.shape(), cut);
  }

  private static Tensor halves(Tensor from) {
    float[] values = from.toFloats();
    Tensor made = Tensor.allocate(DType.FLOAT16, from.shape());
    for (int i = 0; i < values.length; i++) {
      made.data().setAtIndex(Tensor.SHORT_LE, i, Float.floatToFloat16(values[i]));
    }
    return made;
  }

  /// Integers of a type, each cut to its lowest bits.
  static Tensor integers(DType type, Shape shape, long[] values) {
    if (type == DType.INT64) {
      return Tensor.of(shape, values);
    }
    int[] cut = new int[values.length];
    boolean signed = type.name().startsWith("INT");
    int unused = Long.SIZE - type.bits();
    for (int i = 0; i < cut.length; i++) {
      long moved = values[i] << unused;
      cut[i] = (int) (signed ? moved >> unused : moved >>> unused);
    }
    return Tensor.ofIntegers(type, shape, cut);
  }
}
