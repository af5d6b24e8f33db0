package dev.halftone.prepare;

import dev.halftone.UnusableInputException;
import dev.halftone.graph.Node;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Tensor;
import java.util.List;
import java.util.Set;

/// Tensors of other floating-point types as 32-bit floats.
///
/// @param types that are converted; others stay
record NarrowFloats(Set<DType> types) {

  /// Throws UnusableInputException where a double does not fit and is more than a bound.
  ///
  /// @param name of the constant
  /// @param nodes of the graph that it stands in
  Tensor narrowed(String name, Tensor tensor, List<Node> nodes) {
    if (!types.contains(tensor.dtype())) {
      return tensor;
    }
    float[] values = tensor.toFloats();
    if (tensor.dtype() == DType.DOUBLE) {
      boolean isBound = isBound(name, nodes);
      for (int i = 0; i < values.length; i++) {
        double wide = tensor.data().get(Tensor.DOUBLE_LE, i * 8L);
        if (Float.isInfinite(values[i]) && !Double.isInfinite(wide)) {
          if (!isBound) {
            throw new UnusableInputException(
                "the constant %s (%s) holds %s, which a 32-bit float cannot hold: the network is made of 32-bit floats before it is quantized, so scale it to smaller numbers"
                    .formatted(name, tensor, wide));
          }
          values[i] = Math.copySign(Float.MAX_VALUE, values[i]);
        }
      }
    }
    return Tensor.of(tensor.shape(), values);
  }

  /// True where nothing but comparisons and selections read it, or it masks.
  private static boolean isBound(String name, List<Node> nodes) {
    return nodes.stream()
        .filter(node -> node.inputs().contains(name))
        .allMatch(node -> CheckWeights.BOUNDS.contains(node.operation()));
  }
}
