package dev.halftone.diagnose;

import static java.util.Objects.requireNonNull;

import dev.halftone.Quantized;
import dev.halftone.Quantizer;
import dev.halftone.calibrate.Distribution;
import dev.halftone.data.Dataset;
import dev.halftone.engine.Progress;
import dev.halftone.graph.GraphIndex;
import dev.halftone.metric.Sqnr;
import dev.halftone.plan.LayerPlan;
import dev.halftone.plan.QuantizedLayer;
import dev.halftone.scheme.Affine;
import dev.halftone.scheme.QuantizedWeight;
import dev.halftone.scheme.Range;
import dev.halftone.scheme.ScaleIndex;
import dev.halftone.verify.LayerError;
import dev.halftone.verify.LayerErrors;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Finds what stands out where a part of a network is quantized alone.
///
/// @param index of the graph that was quantized
/// @param data samples to measure on
record CauseFinder(Quantizer quantizer, Quantized quantized, GraphIndex index, Dataset data) {

  /// A channel stands out that makes this share of the error, and more than its even share ...
  private static final double MUCH = 0.3;

  /// ... by this factor.
  private static final double MANY_TIMES = 4;

  /// Greatest magnitude over root mean square; that of a normal distribution is 5 in a million values.
  private static final double OUTLYING = 15;

  /// Root mean squares of two inputs that ask for scales of their own.
  private static final double UNLIKE = 8;

  /// Weights whose greatest integer is this many times below what the type holds have a scale that something else asked for.
  private static final int STEPS_LOST = 4;

  /// What lies beyond a range by no more than half a step, and a little, is rounded to its end and not cut off.
  private static final double ROUNDED = 0.51;

  Cause of(Part part) {
    List<LayerError> errors = errors(part);
    return switch (part) {
      case Part.Weights(LayerPlan planned) ->
          ofWeights(
              requireNonNull(quantized.layers().get(planned.layer().key())),
              planned.type().bits(),
              errors);
      case Part.Values(String tensor, _) -> ofValues(tensor, errors);
    };
  }

  /// Of the tensor that shows the part's error, and of those that its operation reads.
  private List<LayerError> errors(Part part) {
    List<String> tensors = new ArrayList<>(List.of(part.shownBy()));
    index.producer(part.shownBy()).ifPresent(node -> tensors.addAll(node.inputs()));
    return LayerErrors.measure(
        quantizer.execution().withProgress(Progress.Stages.NONE),
        quantized.prepared(),
        Map.of(LayerErrors.QUANTIZED, part.alone(quantized)),
        tensors,
        data);
  }

  private static Cause ofWeights(QuantizedLayer layer, int bits, List<LayerError> errors) {
    Optional<LayerError.WorstChannel> worst =
        errors.stream()
            .findFirst()
            .flatMap(error -> requireNonNull(error.variants().get(LayerErrors.QUANTIZED)).worst())
            .filter(channel ->
                channel.share()
                    >= Math.max(MUCH, Math.min(2 * MUCH, MANY_TIMES / channel.channels())));
    if (worst.isPresent()) {
      int channel = worst.get().channel();
      int steps = greatest(layer.weight(), channel);
      return steps > 0 && steps * STEPS_LOST <= layer.weight().grid().type().high()
          ? new Cause.BiasOverflow(channel, steps)
          : new Cause.OutlierChannel(channel, worst.get().channels(), worst.get().share());
    }
    return bits < 8 ? new Cause.FewBits(bits) : new Cause.Even(bits);
  }

  private static int greatest(QuantizedWeight weight, int channel) {
    ScaleIndex channels = weight.grid().granularity().index(weight.shape());
    int greatest = 0;
    for (int i = 0; i < weight.values().length; i++) {
      if (channels.of(i) == channel) {
        greatest = Math.max(greatest, Math.abs(weight.values()[i]));
      }
    }
    return greatest;
  }

  private Cause ofValues(String tensor, List<LayerError> errors) {
    Affine grid = requireNonNull(quantized.plan().activations().get(tensor));
    int bits = grid.type().bits();
    double[] inputs =
        errors.stream()
            .skip(1)
            .map(error -> requireNonNull(error.variants().get(LayerErrors.QUANTIZED)).sqnr())
            .mapToDouble(CauseFinder::rootMeanSquare)
            .filter(size -> size > 0)
            .sorted()
            .toArray();
    if (index.producer(tensor).filter(node -> node.is("Concat")).isPresent()
        && inputs.length > 1
        && inputs[inputs.length - 1] >= UNLIKE * inputs[0]) {
      return new Cause.UnlikeInputs(inputs[0], inputs[inputs.length - 1]);
    }
    return quantized
        .statistics()
        .of(tensor)
        .flatMap(seen -> ofDistribution(seen.distribution(), grid))
        .orElseGet(() -> bits < 8 ? new Cause.FewBits(bits) : new Cause.Even(bits));
  }

  private static double rootMeanSquare(Sqnr sqnr) {
    return Math.sqrt(sqnr.signal() / Math.max(1, sqnr.count()));
  }

  private static Optional<Cause> ofDistribution(Distribution seen, Affine grid) {
    Range ends = grid.range();
    double total = seen.total();
    double outside = 0;
    double clipped = 0;
    double power = 0;
    for (int b = 0; b < seen.buckets(); b++) {
      double value = seen.center(b);
      double beyond =
          Math.max(0, Math.max(ends.low() - seen.highs()[b], seen.lows()[b] - ends.high()));
      if (beyond > ROUNDED * grid.scale()) {
        outside += seen.counts()[b];
        clipped += seen.counts()[b] * beyond * beyond;
      }
      power += seen.counts()[b] * value * value;
    }
    double rounded = (total - outside) * grid.scale() * grid.scale() / 12;
    double typical = Math.sqrt(power / total);
    double greatest = Math.max(Math.abs(ends.low()), Math.abs(ends.high()));
    if (clipped > rounded) {
      return Optional.of(new Cause.Clipped(outside / total, clipped / (clipped + rounded)));
    }
    return greatest > OUTLYING * typical
        ? Optional.of(new Cause.OutlierValues(greatest, typical))
        : Optional.empty();
  }
}
