package dev.halftone.plan;

import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Node;
import java.util.List;
import java.util.Optional;

/// The least value that an activation function gives, whatever it reads.
final class LowerBound {

  /// Of GELU, by the error function, by tanh or by a sigmoid of 1.702 x: -0.16997, -0.17004, -0.16346.
  private static final float GELU = -0.1705f;

  /// Of x sigmoid(x): -0.27846.
  private static final float SILU = -0.2785f;

  private LowerBound() {}

  /// Zero or less; empty where nothing is known.
  static Optional<Float> of(String tensor, GraphIndex index) {
    return index
        .producer(tensor)
        .flatMap(node ->
            switch (node.operation()) {
              case "Relu", "Sigmoid", "Softmax", "HardSigmoid" -> Optional.of(0f);
              case "Gelu",
                  "com.microsoft.Gelu",
                  "com.microsoft.FastGelu",
                  "com.microsoft.BiasGelu" ->
                  Optional.of(GELU);
              case "com.microsoft.QuickGelu" ->
                  Optional.of(node.floatAttribute("alpha", 1.702f) > 1.5f ? GELU : SILU);
              case "Swish" -> Optional.of(SILU);
              case "HardSwish" -> Optional.of(-0.375f);
              case "Mul" -> ofProduct(node, index);
              default -> Optional.empty();
            });
  }

  /// x times its own gate, spelled out, half of which may stand on either side: `x * 0.5 * (1 + Erf(x / sqrt 2))`.
  private static Optional<Float> ofProduct(Node product, GraphIndex index) {
    List<String> factors = GatedSelf.factors(product, index);
    return GatedSelf.of(factors, index)
        .map(gate ->
            switch (gate) {
              case ERF, TANH -> GELU;
              case SIGMOID -> SILU;
            });
  }
}
