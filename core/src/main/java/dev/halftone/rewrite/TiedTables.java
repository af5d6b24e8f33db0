package dev.halftone.rewrite;

import static java.util.Objects.requireNonNull;

import dev.halftone.graph.Graph;
import dev.halftone.plan.Layer;
import dev.halftone.plan.LayerPlan;
import dev.halftone.plan.Plan;
import dev.halftone.plan.QuantizedLayer;
import dev.halftone.scheme.Levels;
import dev.halftone.scheme.QuantizedWeight;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.Map;
import java.util.Optional;

/// Tables whose rows a network reads, and that it multiplies with as well, as networks that read words and score them by one table do: the
/// layer has the transposed table as its weights, and its integers serve both.
record TiedTables(Graph graph, Plan plan, Map<String, QuantizedLayer> layers) {

  /// The integers of such a layer, transposed; empty where no layer has the table in 8 bits.
  ///
  /// @param table [rows][columns]
  Optional<QuantizedWeight> integers(Tensor table) {
    return plan.layers().stream()
        .map(LayerPlan::layer)
        .filter(layer -> layers.containsKey(layer.key()))
        .filter(layer -> isTransposed(layer, table))
        .map(layer -> requireNonNull(layers.get(layer.key())).weight())
        .filter(weight ->
            weight.grid().hasAxis(1)
                && weight.grid().levels() instanceof Levels.Even
                && weight.grid().type().bits() == 8)
        .findFirst()
        .map(QuantizedWeight::transposed);
  }

  private boolean isTransposed(Layer layer, Tensor table) {
    Tensor weight = graph.constant(layer.weight()).orElseThrow();
    Shape shape = table.shape();
    if (shape.rank() != 2 || !weight.shape().equals(new Shape(shape.dim(1), shape.dim(0)))) {
      return false;
    }
    float[] rows = table.toFloats();
    float[] columns = weight.toFloats();
    int width = Math.toIntExact(shape.dim(1));
    int height = Math.toIntExact(shape.dim(0));
    for (int i = 0; i < rows.length; i++) {
      if (rows[i] != columns[i % width * height + i / width]) {
        return false;
      }
    }
    return true;
  }
}
