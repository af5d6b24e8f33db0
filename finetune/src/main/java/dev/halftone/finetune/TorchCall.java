package dev.halftone.finetune;

import dev.halftone.UnsupportedModelException;
import dev.halftone.graph.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/// A node with the tensors it reads.
///
/// @param inputs empty where an optional input is left out
record TorchCall(Node node, long opset, List<Optional<Tensor>> inputs) {

  /// What a node does, for one family of operations.
  @FunctionalInterface
  interface Operation {
    List<Tensor> apply(TorchCall call);

    static Operation of(java.util.function.Function<TorchCall, Tensor> one) {
      return call -> List.of(one.apply(call));
    }

    /// Of one input, element by element.
    static Operation unary(java.util.function.UnaryOperator<Tensor> one) {
      return call -> List.of(one.apply(call.in(0)));
    }
  }

  boolean has(int i) {
    return i < inputs.size() && inputs.get(i).isPresent();
  }

  Tensor in(int i) {
    if (!has(i)) {
      throw unsupported("input " + i + " is missing");
    }
    return inputs.get(i).orElseThrow();
  }

  long[] shape(int i) {
    return Libtorch.shape(in(i));
  }

  int rank(int i) {
    return Math.toIntExact(in(i).dim());
  }

  /// The elements of an input that says how, as in a shape.
  long[] longs(int i) {
    return Libtorch.longs(in(i));
  }

  float number(int i, float otherwise) {
    return has(i) ? Libtorch.floats(in(i))[0] : otherwise;
  }

  /// An axis counted from the front.
  int axis(long axis, int rank) {
    return Math.toIntExact(axis < 0 ? axis + rank : axis);
  }

  long[] ints(String attribute, long... otherwise) {
    return node.intsAttribute(attribute)
        .map(values -> values.stream().mapToLong(Long::longValue).toArray())
        .orElse(otherwise);
  }

  /// Axes that are an input or, in older operator sets, an attribute; counted from the front.
  Optional<long[]> axes(int input, int rank) {
    Optional<long[]> axes =
        has(input)
            ? Optional.of(longs(input))
            : node.intsAttribute("axes")
                .map(values -> values.stream().mapToLong(Long::longValue).toArray());
    return axes.map(values -> {
      List<Long> front = new ArrayList<>();
      for (long axis : values) {
        front.add((long) axis(axis, rank));
      }
      return front.stream().mapToLong(Long::longValue).toArray();
    });
  }

  UnsupportedModelException unsupported(String why) {
    return new UnsupportedModelException(
        "fine-tuning cannot compute %s (%s, %s): keep the model to operations of convolutional classifiers and encoders, or use 'halftone quantize'"
            .formatted(node.label(), node.opType(), why));
  }
}
