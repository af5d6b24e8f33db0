package dev.halftone.equalize;

import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Node;
import dev.halftone.tensor.Tensor;
import java.util.Optional;

/// A factor of a tensor that is itself a function of it: the sigmoid of x sigmoid(x), the clip(x + 3, 0, 6) of a hard-swish.
///
/// Beyond its bounds a gate does not change any more (a sigmoid by less than an 8-bit step), and below the lower one it is shut.
///
/// @param reader the node that reads the tensor to make the gate
/// @param low negative
/// @param high positive
record SelfGate(Node reader, float low, float high) {

  /// Sigmoid is within 1/2900 of 0 and of 1 beyond.
  private static final float SIGMOID = 8;

  /// The gate that `reader` begins; empty where it begins none.
  static Optional<SelfGate> of(Node reader, String tensor, GraphIndex index) {
    if (reader.is("Sigmoid")) {
      return Optional.of(new SelfGate(reader, -SIGMOID, SIGMOID));
    }
    Optional<Float> shift =
        reader.is("Add")
            ? number(index.constant(reader.input(reader.input(0).equals(tensor) ? 1 : 0)))
            : Optional.empty();
    Optional<Node> clip = index.onlyConsumer(reader.output()).filter(node -> node.is("Clip"));
    if (shift.isEmpty() || clip.isEmpty()) {
      return Optional.empty();
    }
    Optional<Float> bottom =
        number(index.constant(clip.get().input(1))).filter(value -> value == 0);
    Optional<Float> top = number(index.constant(clip.get().input(2)));
    return bottom.isPresent() && top.isPresent() && shift.get() > 0 && top.get() > shift.get()
        ? Optional.of(new SelfGate(reader, -shift.get(), top.get() - shift.get()))
        : Optional.empty();
  }

  private static Optional<Float> number(Optional<Tensor> constant) {
    return constant.filter(tensor -> tensor.count() == 1).map(tensor -> tensor.toFloats()[0]);
  }

  /// The least number not below [#high] up to which 255 steps from [#low] lead that hit zero: a clamp that integers do exactly.
  float reach() {
    int below = (int) Math.floor(255.0 * -low / (high - low));
    return (float) (-(double) low / below * (255 - below));
  }

  /// True where all that is made of the tensor is its product with the gate: where the gate is shut, it does not matter what it is.
  boolean decides(String tensor, GraphIndex index) {
    String gate = reader.output();
    for (Optional<Node> next = index.onlyConsumer(gate);
        next.isPresent();
        next = index.onlyConsumer(gate)) {
      Node node = next.get();
      if (node.is("Mul") && node.inputs().contains(tensor)) {
        return !index.isVisible(tensor)
            && index.consumers(tensor).stream()
                .allMatch(consumer -> consumer == node || consumer == reader);
      }
      boolean scales =
          node.is("Mul") && node.inputs().stream().anyMatch(in -> index.constant(in).isPresent());
      if (!node.is("Clip") && !scales) {
        return false;
      }
      gate = node.output();
    }
    return false;
  }
}
