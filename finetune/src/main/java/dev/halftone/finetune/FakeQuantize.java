package dev.halftone.finetune;

import dev.halftone.scheme.Affine;
import dev.halftone.scheme.QuantizedType;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// Rounding that gradients pass as if it were not there (the straight-through estimator, Bengio et al. 2013, arXiv:1308.3432).
final class FakeQuantize {

  private FakeQuantize() {}

  /// The nearest levels.
  static Tensor round(Tensor steps, WeightLevels levels) {
    return steps.add(levels.nearest(steps).sub(steps).detach());
  }

  /// What DequantizeLinear gives of what QuantizeLinear makes of `x`. Gradients pass where `x` lies within the grid.
  static Tensor fixed(Tensor x, Affine grid) {
    return torch.fake_quantize_per_tensor_affine(
        x, grid.scale(), grid.zeroPoint(), grid.type().low(), grid.type().high());
  }

  /// The same with a scale that learns: of y = s (q - z), dy/ds is q - z beyond the grid's ends and (q - z) - x / s within
  /// (LSQ, Esser et al. 2020, arXiv:1902.08153).
  ///
  /// @param scale a single element
  static Tensor learned(Tensor x, Tensor scale, int zeroPoint, QuantizedType type) {
    Tensor steps =
        torch.fake_quantize_per_tensor_affine(
            x.div(scale), 1.0, zeroPoint, type.low(), type.high());
    return steps.mul(scale);
  }
}
