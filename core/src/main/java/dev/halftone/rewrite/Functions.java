package dev.halftone.rewrite;

import dev.halftone.graph.Node;
import dev.halftone.scheme.Affine;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;

/// Functions of one number, as ONNX defines them, and as tables of 256 integers.
final class Functions {

  private Functions() {}

  static Optional<DoubleUnaryOperator> of(Node node) {
    float alpha = node.floatAttribute("alpha", defaultAlpha(node));
    float beta = node.floatAttribute("beta", 0.5f);
    return Optional.ofNullable(
        switch (node.opType()) {
          case "Sigmoid" -> x -> 1 / (1 + Math.exp(-x));
          case "Tanh" -> Math::tanh;
          case "HardSigmoid" -> x -> Math.clamp(alpha * x + beta, 0.0, 1.0);
          case "HardSwish" -> x -> x * Math.clamp(x / 6 + 0.5, 0.0, 1.0);
          case "LeakyRelu" -> x -> x < 0 ? alpha * x : x;
          case "Elu" -> x -> x < 0 ? alpha * Math.expm1(x) : x;
          case "Softplus" -> x -> Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
          case "Abs" -> Math::abs;
          case "Neg" -> x -> -x;
          default -> null;
        });
  }

  private static float defaultAlpha(Node node) {
    return switch (node.opType()) {
      case "HardSigmoid" -> 0.2f;
      case "LeakyRelu" -> 0.01f;
      default -> 1f;
    };
  }

  /// [256], the entry at x + 128 is the value at x.
  static byte[] table(DoubleUnaryOperator function, Affine in, Affine out) {
    byte[] table = new byte[256];
    for (int x = -128; x < 128; x++) {
      double real = function.applyAsDouble(in.dequantize(x));
      table[x + 128] = (byte) out.quantize((float) real);
    }
    return table;
  }
}
