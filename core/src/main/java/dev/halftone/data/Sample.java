package dev.halftone.data;

import dev.halftone.tensor.Tensor;
import java.util.Map;
import java.util.OptionalInt;

/// One example, ready to feed.
///
/// @param id says which example it is, to a reader: a file name, or a row number
/// @param inputs tensors by the name of the model's input, batch dimension 1
/// @param label index of the right class, where it is known
public record Sample(String id, Map<String, Tensor> inputs, OptionalInt label) {

  public Sample {
    inputs = Map.copyOf(inputs);
  }

  /// What is fed under this name.
  public Tensor input(String name) {
    Tensor tensor = inputs.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException("no input '" + name + "' among " + inputs.keySet());
    }
    return tensor;
  }
}
