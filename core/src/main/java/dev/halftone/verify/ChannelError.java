package dev.halftone.verify;

import dev.halftone.metric.Sqnr;
import dev.halftone.scheme.Channels;
import dev.halftone.tensor.Shape;
import java.util.Optional;

/// Error of one tensor, and how its power spreads over the channels.
///
/// @param noise // [channels], sum (q - r)^2 of the channel; empty where there are no channels to speak of
record ChannelError(Sqnr sqnr, double[] noise) {

  /// The channel axis is 1 as in [N,C,H,W], and the last one of three as in [N,T,C]; a tensor of rank 0 or 1 has none.
  static ChannelError of(float[] r, float[] q, Shape shape) {
    int rank = shape.rank();
    if (rank < 2) {
      return new ChannelError(Sqnr.of(r, q), new double[0]);
    }
    int axis = rank == 3 ? 2 : 1;
    Channels channels = Channels.of(shape, axis);
    double[] noise = new double[channels.count()];
    for (int i = 0; i < r.length; ) {
      for (int c = 0; c < channels.count(); c++) {
        for (int k = 0; k < channels.inner(); k++, i++) {
          double error = (double) q[i] - r[i];
          noise[c] += Double.isFinite(error) ? error * error : 0;
        }
      }
    }
    return new ChannelError(Sqnr.of(r, q), noise);
  }

  ChannelError plus(ChannelError more) {
    double[] sum = new double[noise.length == more.noise.length ? noise.length : 0];
    for (int c = 0; c < sum.length; c++) {
      sum[c] = noise[c] + more.noise[c];
    }
    return new ChannelError(sqnr.plus(more.sqnr), sum);
  }

  /// The channel with the greatest noise, the first of several.
  Optional<LayerError.WorstChannel> worst() {
    if (noise.length == 0) {
      return Optional.empty();
    }
    int worst = 0;
    double total = 0;
    for (int c = 0; c < noise.length; c++) {
      total += noise[c];
      worst = noise[c] > noise[worst] ? c : worst;
    }
    return Optional.of(
        new LayerError.WorstChannel(worst, noise.length, total == 0 ? 0 : noise[worst] / total));
  }
}
