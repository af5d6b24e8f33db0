package dev.halftone.graph.shape;

import dev.halftone.graph.Dim;
import dev.halftone.graph.TensorType;
import dev.halftone.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The knowledge about one value: its type, and its contents where they are told.
///
/// @param contents the elements in row-major order where there are few and they are whole numbers: shapes, axes, sizes.
///     A name stands for a size, never for a negative number
record Fact(Optional<TensorType> type, Optional<List<Dim>> contents, Optional<Tensor> constant) {

  /// Longer tensors than this are no shape data.
  static final int MAX_CONTENTS = 64;

  static final Fact NOTHING = new Fact(Optional.empty(), Optional.empty(), Optional.empty());

  Fact {
    contents = contents.map(List::copyOf);
  }

  static Fact of(TensorType type) {
    return new Fact(Optional.of(type), Optional.empty(), Optional.empty());
  }

  static Fact of(Tensor tensor) {
    TensorType type = TensorType.of(tensor.dtype(), tensor.shape());
    return new Fact(Optional.of(type), wholeNumbers(tensor), Optional.of(tensor));
  }

  Fact withContents(List<Dim> other) {
    return new Fact(type, Optional.of(other), constant);
  }

  private static Optional<List<Dim>> wholeNumbers(Tensor tensor) {
    if (tensor.count() > MAX_CONTENTS) {
      return Optional.empty();
    }
    if (tensor.dtype().isWhole()) {
      return Optional.of(Arrays.stream(tensor.toLongs()).mapToObj(Dim::of).toList());
    }
    if (!tensor.dtype().isFloat()) {
      return Optional.empty();
    }
    float[] values = tensor.toFloats();
    Dim[] whole = new Dim[values.length];
    for (int i = 0; i < values.length; i++) {
      if (values[i] != Math.rint(values[i]) || Math.abs(values[i]) > 1 << 24) {
        return Optional.empty();
      }
      whole[i] = Dim.of((long) values[i]);
    }
    return Optional.of(List.of(whole));
  }
}
