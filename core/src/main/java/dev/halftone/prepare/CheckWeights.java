package dev.halftone.prepare;

import dev.halftone.UnusableInputException;
import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Tensor;
import dev.halftone.wording.Counted;
import java.util.Map;
import java.util.Set;

/// Refuses a model whose constants hold NaN or infinite numbers: no scale can be found for them, and no result trusted.
///
/// An infinite number is accepted where it is a bound and no weight: what Clip, Pad, Where, Max and Min read, and an additive mask,
/// all of whose other elements are zero.
final class CheckWeights implements Pass {

  /// Operations whose constants are bounds and no weights.
  static final Set<String> BOUNDS =
      Set.of(
          "Clip",
          "Pad",
          "Where",
          "Max",
          "Min",
          "Expand",
          "Less",
          "Greater",
          "LessOrEqual",
          "GreaterOrEqual",
          "Equal",
          "ConstantOfShape");

  @Override
  public Model apply(Model model) {
    GraphIndex index = new GraphIndex(model.graph());
    for (Map.Entry<String, Tensor> entry : model.graph().initializers().entrySet()) {
      Tensor tensor = entry.getValue();
      if (tensor.dtype().isFloat()) {
        Count count = count(tensor);
        if (count.nan > 0 || count.infinite > 0 && !isBound(index, entry.getKey(), count)) {
          throw refusal(index, entry.getKey(), tensor, count);
        }
      }
    }
    return model;
  }

  private record Count(long nan, long infinite, long zero, long all) {}

  private static Count count(Tensor tensor) {
    long nan = 0;
    long infinite = 0;
    long zero = 0;
    boolean wide = tensor.dtype() == DType.DOUBLE;
    float[] values = wide ? new float[0] : tensor.toFloats();
    long count = tensor.count();
    for (int i = 0; i < count; i++) {
      double value = wide ? tensor.data().get(Tensor.DOUBLE_LE, i * 8L) : values[i];
      if (value == 0) {
        zero++;
      } else if (Double.isNaN(value)) {
        nan++;
      } else if (Double.isInfinite(value)) {
        infinite++;
      }
    }
    return new Count(nan, infinite, zero, count);
  }

  private static boolean isBound(GraphIndex index, String name, Count count) {
    boolean mask = count.all > 1 && count.zero > 0 && count.zero + count.infinite == count.all;
    return index.consumers(name).stream()
        .allMatch(node -> BOUNDS.contains(node.operation()) || mask && node.is("Add"));
  }

  private static UnusableInputException refusal(
      GraphIndex index, String name, Tensor tensor, Count count) {
    String what =
        count.nan == 0
            ? Counted.of(count.infinite, "infinite number")
            : count.infinite == 0
                ? count.nan + " NaN"
                : count.nan + " NaN and " + Counted.of(count.infinite, "infinite number");
    String where = index.consumers(name).stream().findFirst().map(Node::label).orElse("nothing");
    return new UnusableInputException(
        "the weights "
            + name
            + " ("
            + tensor
            + ", read by "
            + where
            + ") hold "
            + what
            + " among "
            + count.all
            + "; export the model again from a checkpoint whose training did not diverge");
  }
}
