package dev.halftone.finetune;

import dev.halftone.scheme.Codebook;
import dev.halftone.scheme.QuantizedType;
import dev.halftone.scheme.QuantizedWeight;
import java.util.Optional;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// The integers that the weights of a layer may be: all of its type, or the entries of its codebook.
///
/// @param entries ascending, and the middles between them
record WeightLevels(int low, int high, Optional<Entries> entries) {

  /// @param middles where the nearest entry changes
  record Entries(Tensor values, Tensor middles) {}

  static WeightLevels of(QuantizedWeight weight) {
    QuantizedType type = weight.grid().type();
    if (!(weight.grid().levels() instanceof Codebook)) {
      return new WeightLevels(type.low(), type.high(), Optional.empty());
    }
    int[] occurring = weight.occurring();
    float[] values = new float[occurring.length];
    for (int k = 0; k < values.length; k++) {
      values[k] = occurring[k];
    }
    float[] middles = new float[values.length - 1];
    for (int k = 0; k < middles.length; k++) {
      middles[k] = (values[k] + values[k + 1]) / 2;
    }
    Entries entries =
        new Entries(
            Libtorch.tensor(values, values.length), Libtorch.tensor(middles, middles.length));
    return new WeightLevels(occurring[0], occurring[occurring.length - 1], Optional.of(entries));
  }

  /// The nearest of them to each element, without gradient.
  Tensor nearest(Tensor steps) {
    return entries
        .map(all -> torch.take(all.values(), torch.bucketize(steps, all.middles())))
        .orElseGet(steps::round);
  }

  /// Brings what lies beyond the lowest and the highest back to these.
  void clamp(Tensor steps) {
    steps.clamp_(
        new ScalarOptional(Libtorch.number(low)), new ScalarOptional(Libtorch.number(high)));
  }
}
