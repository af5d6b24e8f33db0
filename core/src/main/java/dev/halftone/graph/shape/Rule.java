package dev.halftone.graph.shape;

import dev.halftone.graph.TensorType;
import java.util.List;

/// The types of a node's outputs from what is known of its inputs. A list shorter than the outputs leaves the rest unknown.
@FunctionalInterface
interface Rule {

  /// Throws CannotTell where too little is known.
  List<TensorType> infer(NodeInputs call);
}
