package dev.halftone.integer;

import dev.halftone.scheme.FixedPoint;
import java.util.List;
import java.util.stream.Stream;

/// A network of fixed shapes and batch 1, in integers from its inputs to its outputs.
///
/// @param tensors what operations refer to by position
/// @param ops in an order in which they can run
public record IntegerGraph(
    String name,
    List<IntegerTensor> tensors,
    List<IntegerOp> ops,
    List<Port> inputs,
    List<Port> outputs) {

  public IntegerGraph {
    tensors = List.copyOf(tensors);
    ops = List.copyOf(ops);
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }

  /// The operations with weights, in order.
  public Stream<IntegerOp.Weighted> weighted() {
    return ops.stream()
        .filter(IntegerOp.Weighted.class::isInstance)
        .map(IntegerOp.Weighted.class::cast);
  }

  public IntegerTensor tensor(int number) {
    return tensors.get(number);
  }

  /// True where activations are int16, all of them or some.
  public boolean isWide() {
    return tensors.stream().anyMatch(IntegerTensor::isWide);
  }

  /// True where every factor that integers are rescaled with is a power of two; means divide by a number of elements all the same.
  public boolean needsOnlyShifts() {
    return ops.stream().flatMap(op -> op.factors().stream()).allMatch(FixedPoint::isPowerOfTwo);
  }
}
