package dev.halftone.plan;

import dev.halftone.form.IntegerProduct;
import dev.halftone.scheme.Multiples;
import dev.halftone.scheme.QuantizedType;
import dev.halftone.scheme.Scales;
import dev.halftone.tensor.Shape;
import java.util.Optional;

/// A weighted operation that runs in integers, with the type of its weights.
///
/// @param node label of the operation
/// @param scales which numbers the scales of its weights may be
/// @param shape of its weights
public record LayerPlan(Layer layer, String node, QuantizedType type, Scales scales, Shape shape) {

  /// How many weights it has.
  public long parameters() {
    return shape.count();
  }

  /// About the bytes of its weights in a file, with their scales.
  long bytes() {
    return layer.form().bytes(type, shape, layer.granularity());
  }

  /// What its integers are where some of its weights share a multiplier.
  public Optional<Multiples> multiples() {
    return layer.form() instanceof IntegerProduct(Optional<Integer> group) && type.bits() < 8
        ? group.map(size -> new Multiples(type, size))
        : Optional.empty();
  }

  LayerPlan withType(QuantizedType other) {
    return new LayerPlan(layer, node, other, scales, shape);
  }
}
