package dev.halftone.plan.rounding;

import dev.halftone.scheme.Affine;
import java.util.Optional;

/// Keeps the int32 bias of a dead channel in range.
///
/// The bias has the scale of the input times that of the channel's weights. Where those weights are all but zero, so is their scale, and
/// the bias in units of it overflows. A larger weight scale costs such a channel nothing.
final class BiasScale {

  /// Biases stay below this: 2^31 with room for accumulators and for later corrections of the bias.
  private static final float LARGEST = 0x1p29f;

  private BiasScale() {}

  /// The least weight scale that keeps a bias of this size in int32.
  static float least(float inputScale, float bias) {
    return Math.max(Affine.MIN_SCALE, bias / LARGEST / inputScale);
  }

  /// [outputs] the least weight scale of each channel.
  ///
  /// @param input empty where the layer reads floats, and adds a float bias
  static float[] least(float[] bias, int outputs, Optional<Affine> input) {
    float[] least = new float[outputs];
    for (int c = 0; c < outputs; c++) {
      float magnitude = bias.length > 0 ? Math.abs(bias[c]) : 0;
      least[c] = input.map(grid -> least(grid.scale(), magnitude)).orElse(Affine.MIN_SCALE);
    }
    return least;
  }
}
