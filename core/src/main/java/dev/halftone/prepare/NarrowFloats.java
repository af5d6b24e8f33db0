package dev.halftone.prepare;

import dev.halftone.UnusableInputException;
import dev.halftone.graph.Node;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Tensor;
import java.util.List;
import java.util.stream.IntStream;

/// Makes 32-bit floats of tensors of other floating-point types.
final class NarrowFloats {

  private NarrowFloats() {}

  /// Throws UnusableInputException where a double does not fit and is more than a bound.
  ///
  /// @param name of the constant
  /// @param nodes of the graph that it stands in
  static Tensor narrowed(String name, Tensor tensor, List<Node> nodes) {
    float[] values = tensor.toFloats();
    int[] beyond =
        tensor.dtype() == DType.DOUBLE
            ? IntStream.range(0, values.length)
                .filter(i -> Float.isInfinite(values[i]) && !Double.isInfinite(wide(tensor, i)))
                .toArray()
            : new int[0];
    if (beyond.length > 0 && !isBound(name, nodes)) {
      throw new UnusableInputException(
          "the constant %s (%s) holds %s, which a 32-bit float cannot hold: the network is made of 32-bit floats before it is quantized, so scale it to smaller numbers"
              .formatted(name, tensor, wide(tensor, beyond[0])));
    }
    for (int i : beyond) {
      values[i] = Math.copySign(Float.MAX_VALUE, values[i]);
    }
    return Tensor.of(tensor.shape(), values);
  }

  private static double wide(Tensor tensor, int at) {
    return tensor.data().get(Tensor.DOUBLE_LE, at * 8L);
  }

  /// True where nothing but comparisons and selections read it, or it masks.
  private static boolean isBound(String name, List<Node> nodes) {
    return nodes.stream()
        .filter(node -> node.inputs().contains(name))
        .allMatch(node -> CheckWeights.BOUNDS.contains(node.operation()));
  }
}
