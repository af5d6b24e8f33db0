package dev.halftone.testing;

import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import java.util.function.LongBinaryOperator;

/// Functions of two tensors, one repeated to the shape of the other. More than two are taken in turn.
final class Arithmetic {

  /// The function of two floats, and of two integers.
  record Pair(DoubleBinaryOperator ofFloats, LongBinaryOperator ofIntegers) {}

  private static final DoubleBinaryOperator NO_FLOATS =
      (_, _) -> {
        throw new IllegalArgumentException("no operation of floats");
      };

  static final Map<String, Pair> ALL =
      Map.ofEntries(
          Map.entry("Add", new Pair(Double::sum, Long::sum)),
          Map.entry("Sum", new Pair(Double::sum, Long::sum)),
          Map.entry("Sub", new Pair((a, b) -> a - b, (a, b) -> a - b)),
          Map.entry("Mul", new Pair((a, b) -> a * b, (a, b) -> a * b)),
          Map.entry("Div", new Pair((a, b) -> a / b, (a, b) -> a / b)),
          Map.entry("Min", new Pair(Math::min, Math::min)),
          Map.entry("Max", new Pair(Math::max, Math::max)),
          Map.entry("Pow", new Pair(Math::pow, (a, b) -> (long) Math.pow(a, b))),
          Map.entry(
              "PRelu", new Pair((x, slope) -> x < 0 ? slope * x : x, (a, b) -> a < 0 ? a * b : a)),
          Map.entry("BitwiseAnd", new Pair(NO_FLOATS, (a, b) -> a & b)),
          Map.entry("BitwiseOr", new Pair(NO_FLOATS, (a, b) -> a | b)));

  private Arithmetic() {}

  static Tensor run(Call call, Pair pair) {
    Tensor made = call.in(0);
    for (int i = 1; i < call.node().inputs().size(); i++) {
      made = run(call, pair, made, call.in(i));
    }
    return made;
  }

  private static Tensor run(Call call, Pair pair, Tensor a, Tensor b) {
    if (a.dtype() != b.dtype() || a.dtype() != DType.FLOAT && !a.dtype().isInteger()) {
      throw call.unsupported("reads " + a.dtype() + " and " + b.dtype());
    }
    Shape shape = Positions.broadcastShape(a.shape(), b.shape());
    int[] left = Positions.broadcast(a.shape(), shape);
    int[] right = Positions.broadcast(b.shape(), shape);
    if (a.dtype() == DType.FLOAT) {
      float[] one = a.toFloats();
      float[] two = b.toFloats();
      float[] made = new float[left.length];
      for (int i = 0; i < made.length; i++) {
        made[i] = (float) pair.ofFloats.applyAsDouble(one[left[i]], two[right[i]]);
      }
      return Tensor.of(shape, made);
    }
    long[] one = a.toLongs();
    long[] two = b.toLongs();
    long[] made = new long[left.length];
    for (int i = 0; i < made.length; i++) {
      made[i] = pair.ofIntegers.applyAsLong(one[left[i]], two[right[i]]);
    }
    return UnaryFunctions.integers(a.dtype(), shape, made);
  }
}
