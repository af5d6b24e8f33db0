package dev.halftone.testing;

import static java.util.Objects.requireNonNull;

import dev.halftone.UnsupportedModelException;
import dev.halftone.graph.Node;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A node and the values that were computed before it.
record Call(Node node, Map<String, Tensor> values) {

  boolean has(int i) {
    return node.hasInput(i);
  }

  /// The `i`-th input, which must be there.
  Tensor in(int i) {
    return requireNonNull(values.get(node.input(i)), () -> node + " lacks input " + i);
  }

  Shape shape(int i) {
    return in(i).shape();
  }

  /// The elements of the `i`-th input, which must be 32-bit floats.
  float[] floats(int i) {
    if (in(i).dtype() != DType.FLOAT) {
      throw unsupported("reads " + in(i).dtype());
    }
    return in(i).toFloats();
  }

  Optional<float[]> optionalFloats(int i) {
    return has(i) ? Optional.of(floats(i)) : Optional.empty();
  }

  int[] ints(int i) {
    return in(i).toInts();
  }

  /// An attribute of several integers; `count` times `otherwise` where it is left out.
  int[] ints(String key, int count, int otherwise) {
    int[] values = new int[count];
    Arrays.fill(values, otherwise);
    return node.intsAttribute(key).map(Call::ints).orElse(values);
  }

  /// Integers that are an input in newer opsets and an attribute in older ones.
  Optional<int[]> ints(int i, String key) {
    return has(i) ? Optional.of(ints(i)) : node.intsAttribute(key).map(Call::ints);
  }

  int integer(String key, int otherwise) {
    return (int) node.intAttribute(key, otherwise);
  }

  boolean flag(String key, boolean otherwise) {
    return node.intAttribute(key, otherwise ? 1 : 0) != 0;
  }

  /// An axis, counted from the front.
  int axis(int otherwise, int rank) {
    int axis = integer("axis", otherwise);
    return axis < 0 ? axis + rank : axis;
  }

  /// Throws where the attribute has another value than the one that is computed.
  void only(String key, String value) {
    String given = node.textAttribute(key, value);
    if (!given.equals(value)) {
      throw unsupported("%s \"%s\"".formatted(key, given));
    }
  }

  UnsupportedModelException unsupported(String why) {
    return new UnsupportedModelException(
        "the reference interpreter does not compute node %s (%s): %s"
            .formatted(node.label(), node.operation(), why));
  }

  private static int[] ints(List<Long> values) {
    return values.stream().mapToInt(Math::toIntExact).toArray();
  }
}
