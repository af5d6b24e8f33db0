package dev.halftone;

import dev.halftone.calibrate.Statistics;
import dev.halftone.graph.Model;
import dev.halftone.plan.Plan;
import dev.halftone.plan.QuantizedLayer;
import dev.halftone.rewrite.InsertQdq;
import java.util.Map;

/// The result of a quantization.
///
/// @param prepared the float model whose tensors the integer model's tensors can be compared with by name
/// @param layers the integers of each layer by its key
/// @param model the integer model
public record Quantized(
    Model prepared,
    Plan plan,
    Statistics statistics,
    Map<String, QuantizedLayer> layers,
    Model model) {

  /// The model with integer weights and float activations: the error that the weights alone make.
  public Model weightsOnly() {
    return InsertQdq.apply(prepared, plan.withoutActivations(), layers);
  }

  /// The model with integer activations and float weights: the error that the activations alone make.
  public Model activationsOnly() {
    return InsertQdq.apply(prepared, plan, Map.of());
  }
}
