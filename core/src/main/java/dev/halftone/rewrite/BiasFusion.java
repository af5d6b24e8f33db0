package dev.halftone.rewrite;

import dev.halftone.device.Devices;
import dev.halftone.device.Trait;
import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.graph.shape.ShapeInference;
import dev.halftone.graph.shape.Types;
import dev.halftone.plan.Layer;
import dev.halftone.plan.LayerPlan;
import dev.halftone.plan.Plan;
import dev.halftone.tensor.Shape;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Finds what ONNX Runtime would fuse before it sees Q and DQ: a product in integers that hands out floats, and the Add of a bias behind it.
/// They become a Gemm with a float bias, for which it has no integer kernel.
///
/// It does so where the extents of the product's input are known, and their number is not 2; products of matrices have their bias by then
/// ([dev.halftone.prepare.FuseMatMulAdd]).
final class BiasFusion {

  private final Model model;
  private final GraphIndex index;
  private final Map<String, Layer> products = new HashMap<>();
  private @Nullable Types types;

  BiasFusion(Model model, GraphIndex index, Plan plan) {
    this.model = model;
    this.index = index;
    plan.layers().stream()
        .map(LayerPlan::layer)
        .filter(layer -> layer.form().readsIntegers())
        .filter(layer -> Devices.ONNX_RUNTIME_CPU.has(layer.node(), Trait.FUSED_WITH_ADD))
        .filter(layer -> !plan.activations().containsKey(layer.output()))
        .forEach(layer -> products.put(layer.node().output(), layer));
  }

  /// Which input of this operation is such a product.
  Optional<Integer> input(Node node) {
    if (!node.is("Add") || node.inputs().size() != 2) {
      return Optional.empty();
    }
    for (int i = 0; i < 2; i++) {
      Optional<Layer> product = Optional.ofNullable(products.get(node.input(i)));
      if (product.isPresent() && isFused(product.get(), node.input(1 - i))) {
        return Optional.of(i);
      }
    }
    return Optional.empty();
  }

  private boolean isFused(Layer product, String other) {
    return index.onlyConsumer(product.node().output()).isPresent()
        && index.constant(other).filter(bias -> bias.shape().rank() <= 2).isPresent()
        && types().shape(product.input()).map(Shape::rank).filter(rank -> rank != 2).isPresent();
  }

  private Types types() {
    if (types == null) {
      types = ShapeInference.infer(model);
    }
    return types;
  }
}
