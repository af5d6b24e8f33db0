package dev.halftone.plan.rounding;

import dev.halftone.device.Device;
import dev.halftone.device.PairedProducts;
import dev.halftone.graph.Graph;
import dev.halftone.plan.Layer;
import dev.halftone.plan.Plan;
import dev.halftone.plan.WeightGroup;
import dev.halftone.scheme.Affine;
import dev.halftone.scheme.QuantizedType;
import dev.halftone.tensor.Tensor;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;

/// The smallest scales of a layer's weights whose sums fit where processors keep them.
///
/// The bias has the scale of the input times that of the channel's weights. Where those weights are all but zero, so is their scale, and
/// the bias in units of it overflows an int32. A larger weight scale costs such a channel nothing.
///
/// Two neighbouring products must fit 16 bits ([PairedProducts]); where large weights are neighbours, the channel takes a larger scale, of
/// the step that 7-bit weights would have at most. EfficientNet-Lite0 loses 0.3 dB by that, and 16 dB without it on a processor that
/// saturates.
///
/// @param scales [outputs] no scale is smaller
/// @param pairs of products that are added in 16 bits, where they could exceed them
/// @param limit of the sum of the weights of a pair
public record LeastScales(float[] scales, Optional<PairedProducts> pairs, int limit) {

  /// Biases stay below this: 2^31 with room for accumulators and for later corrections of the bias.
  private static final float LARGEST_BIAS = 0x1p29f;

  /// Sums stay below the limit by more than floats err, so that rounding both weights of a pair up does not exceed it.
  private static final float BELOW = 1 - 1e-6f;

  /// What the weights of a layer meet.
  ///
  /// @param input the grid of its activations; empty where it adds a float bias
  /// @param bias [outputs] or empty
  /// @param pairLimit what the weights of a pair may add up to; 0 where nothing adds pairs
  @SuppressWarnings("ArrayRecordComponent") // read once
  public record Reads(Optional<Affine> input, float[] bias, int pairLimit) {}

  /// @param type of the integers that the weights shall have
  public static LeastScales of(
      Layer layer, Tensor weight, QuantizedType type, Reads reads, Device device) {
    InputRows rows = InputRows.of(layer, weight.shape());
    float[] scales = new float[rows.outputs()];
    for (int c = 0; c < scales.length; c++) {
      float magnitude = reads.bias.length > 0 ? Math.abs(reads.bias[c]) : 0;
      scales[c] = reads.input.map(grid -> least(grid.scale(), magnitude)).orElse(Affine.MIN_SCALE);
    }
    Optional<PairedProducts> pairs =
        PairedProducts.mayExceed(type, reads.pairLimit)
            ? device.paired(layer.node(), weight.shape())
            : Optional.empty();
    pairs.ifPresent(paired -> raise(scales, paired, weight.toFloats(), rows, reads.pairLimit));
    return new LeastScales(scales, pairs, reads.pairLimit);
  }

  /// Those that serve every layer of a group.
  ///
  /// @param graph has their weights and biases
  static LeastScales of(WeightGroup group, Graph graph, Plan plan, Device device) {
    Tensor weight = graph.constant(group.first().layer().weight()).orElseThrow();
    return group.users().stream()
        .map(user -> {
          Layer layer = user.layer();
          return of(
              layer,
              weight,
              user.type(),
              new Reads(plan.gridOfInput(layer), layer.biasIn(graph), plan.pairLimit(layer)),
              device);
        })
        .reduce(LeastScales::and)
        .orElseThrow();
  }

  /// Those that serve two layers with the same weights.
  private LeastScales and(LeastScales other) {
    float[] larger = new float[scales.length];
    for (int c = 0; c < larger.length; c++) {
      larger[c] = Math.max(scales[c], other.scales[c]);
    }
    boolean isStricter = other.pairs.isPresent() && (pairs.isEmpty() || other.limit < limit);
    return isStricter
        ? new LeastScales(larger, other.pairs, other.limit)
        : new LeastScales(larger, pairs, limit);
  }

  private static void raise(
      float[] scales, PairedProducts pairs, float[] weights, InputRows rows, int limit) {
    for (int c = 0; c < scales.length; c++) {
      int output = c;
      double largest = pairs.largest(input -> weights[rows.index(output, input)]);
      scales[c] = Math.max(scales[c], (float) (largest / (BELOW * limit)));
    }
  }

  /// The least weight scale that keeps a bias of this size in int32.
  private static float least(float inputScale, float bias) {
    return Math.max(Affine.MIN_SCALE, bias / LARGEST_BIAS / inputScale);
  }

  /// How many times the scale must be as large for the integers of a row to fit; 1 or less where they do.
  ///
  /// @param row the integer at each position
  double excess(IntToDoubleFunction row) {
    return pairs.map(paired -> paired.largest(row) / limit).orElse(0.0);
  }
}
