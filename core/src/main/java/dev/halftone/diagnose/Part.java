package dev.halftone.diagnose;

import static java.util.Objects.requireNonNull;

import dev.halftone.Quantized;
import dev.halftone.graph.Model;
import dev.halftone.plan.Layer;
import dev.halftone.plan.LayerPlan;
import dev.halftone.plan.QuantizedLayer;
import dev.halftone.rewrite.InsertQdq;
import java.util.Map;
import java.util.Set;

/// A part of a network that can be quantized while the rest stays float.
sealed interface Part {

  /// @param planned a layer
  record Weights(LayerPlan planned) implements Part {}

  /// @param tensor that is quantized to a grid of its own
  /// @param sharing the tensors that have its integers, itself among them
  record Values(String tensor, Set<String> sharing) implements Part {}

  /// The float network with this part quantized as it was with all others. Biases are the float ones: corrected ones make up for parts
  /// that are not quantized here.
  default Model alone(Quantized quantized) {
    return switch (this) {
      case Weights(LayerPlan planned) -> {
        Layer layer = planned.layer();
        QuantizedLayer numbers = requireNonNull(quantized.layers().get(layer.key()));
        yield InsertQdq.apply(
            quantized.prepared(),
            quantized.plan().withoutActivations(),
            Map.of(layer.key(), numbers.withBias(layer.biasIn(quantized.prepared().graph()))));
      }
      case Values(_, Set<String> sharing) ->
          InsertQdq.apply(
              quantized.prepared(), quantized.plan().withActivations(sharing), Map.of());
    };
  }

  /// The tensor that shows its error first.
  default String shownBy() {
    return switch (this) {
      case Weights(LayerPlan planned) -> planned.layer().output();
      case Values(String tensor, _) -> tensor;
    };
  }
}
