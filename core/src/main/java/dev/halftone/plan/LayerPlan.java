package dev.halftone.plan;

import dev.halftone.scheme.QuantizedType;
import dev.halftone.scheme.Scales;

/// A weighted operation that runs in integers, with the type of its weights.
///
/// @param node label of the operation
/// @param scales which numbers the scales of its weights may be
/// @param parameters how many weights it has
public record LayerPlan(
    Layer layer, String node, QuantizedType type, Scales scales, long parameters) {

  LayerPlan withType(QuantizedType other) {
    return new LayerPlan(layer, node, other, scales, parameters);
  }
}
