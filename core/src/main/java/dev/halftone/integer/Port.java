package dev.halftone.integer;

import dev.halftone.tensor.Shape;
import java.util.List;

/// An input or an output of the network.
///
/// @param name as in the float model
/// @param tensor what carries it
/// @param shape as in the float model
/// @param order axis i as stored is axis `order[i]` of the float model's
public record Port(String name, int tensor, Shape shape, List<Integer> order) {

  public Port {
    order = List.copyOf(order);
  }
}
