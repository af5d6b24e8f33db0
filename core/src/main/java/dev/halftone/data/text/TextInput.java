package dev.halftone.data.text;

import dev.halftone.data.ModelInput;
import dev.halftone.graph.Dim;
import dev.halftone.graph.TensorType;
import dev.halftone.graph.Value;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// An input of a model that is a row of numbers a text, one a token: `[batch, sequence]`.
public record TextInput(ModelInput input, InputRole role) {

  /// The same input with the role that its name, type and rank say; empty where they say none.
  static Optional<TextInput> of(Value value) {
    return value
        .type()
        .filter(type -> type.dims().isEmpty() || type.rank() == 2)
        .filter(type -> type.dims().isEmpty() || ModelInput.of(value).isBatched())
        .flatMap(type ->
            InputRole.of(value.name())
                .filter(role -> holds(type.dtype(), role))
                .map(role -> new TextInput(ModelInput.of(value), role)));
  }

  /// Masks may be floats or truth values too.
  private static boolean holds(DType type, InputRole role) {
    boolean isMask = role == InputRole.ATTENTION_MASK || role == InputRole.DECODER_ATTENTION_MASK;
    return type == DType.INT64
        || type == DType.INT32
        || isMask && (type.isFloat() || type == DType.BOOL);
  }

  public String name() {
    return input.name();
  }

  /// The length of the sequence where the model declares one; empty where any will do.
  public OptionalInt fixedLength() {
    long size = dims().map(dims -> dims.get(1).size()).orElse(-1L);
    return size < 0 ? OptionalInt.empty() : OptionalInt.of(Math.toIntExact(size));
  }

  /// True where several texts can be fed at once.
  boolean takesBatches() {
    return !input.startsWithOne();
  }

  private Optional<List<Dim>> dims() {
    TensorType type = input.type();
    return type.dims();
  }

  /// A tensor `[rows, length]` in the type of the input. Throws UnusableInputException where the model does not take it.
  ///
  /// @param numbers row after row
  public Tensor tensor(int rows, long[] numbers) {
    Shape shape = new Shape(rows, numbers.length / rows);
    String what = rows == 1 ? "a text" : "a batch of " + rows + " texts";
    if (input.type().dims().isPresent() && !input.takes(shape)) {
      throw input.unfit(
          what + " gives " + shape, "export the model with an open batch and sequence length");
    }
    if (input.type().dtype() == DType.BOOL) {
      byte[] bytes = new byte[numbers.length];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = (byte) numbers[i];
      }
      return Tensor.of(DType.BOOL, shape, bytes);
    }
    return input.fit(Tensor.of(shape, numbers), what, "");
  }
}
