package dev.halftone.graph;

import dev.halftone.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// The value of a node's attribute.
public sealed interface Attribute {

  record Int(long value) implements Attribute {}

  record Float(float value) implements Attribute {}

  record Text(String value) implements Attribute {}

  record TensorValue(Tensor value) implements Attribute {}

  record Subgraph(Graph value) implements Attribute {}

  record Ints(List<Long> values) implements Attribute {
    public Ints {
      values = List.copyOf(values);
    }

    public static Ints of(long... values) {
      return new Ints(java.util.Arrays.stream(values).boxed().toList());
    }
  }

  record Floats(List<java.lang.Float> values) implements Attribute {
    public Floats {
      values = List.copyOf(values);
    }
  }

  record Texts(List<String> values) implements Attribute {
    public Texts {
      values = List.copyOf(values);
    }
  }

  /// Anything else (sparse tensors, type descriptions, byte strings that are not UTF-8, references to a function's
  /// attributes): the whole `AttributeProto` message as it stood in the file, name included.
  record Raw(MemorySegment message) implements Attribute {}
}
