package dev.halftone.graph;

import java.util.List;
import java.util.Optional;

/// A named edge of the graph, as declared among inputs, outputs or `value_info`.
///
/// @param type empty where the file gives none, or where it is not a tensor (a sequence, a map, an optional): then it is in `opaque`
/// @param opaque every field besides name and tensor type, as it stood in the file
public record Value(String name, Optional<TensorType> type, List<Opaque> opaque) {

  public Value {
    opaque = List.copyOf(opaque);
  }

  public Value(String name, TensorType type) {
    this(name, Optional.of(type), List.of());
  }
}
