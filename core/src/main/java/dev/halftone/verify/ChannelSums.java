package dev.halftone.verify;

import dev.halftone.meaning.ChannelLayout;
import dev.halftone.scheme.Channels;
import dev.halftone.tensor.Shape;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// The signal and error of each channel of an output, as sums that add up over samples: a mean and the sum of squares about it,
/// merged as in Chan, Golub and LeVeque 1979, so that a channel far from zero loses no figures.
final class ChannelSums {

  /// Of fewer elements a variation is not known.
  private static final long FEWEST = 8;

  /// A channel counts as this far (in power) below its kind at least: of what is quieter only the noise is told.
  private static final double QUIETEST = 1e-4;

  /// Variation below this share of the power is that of rounded floats.
  private static final double CONSTANT = 1e-10;

  /// The power of a channel counts as no more than so many times its variation: a channel that has become constant has lost it all, 9 dB.
  private static final double OF_VARIATION = 8;

  /// Power over power of two quantities that are of other kinds.
  private static final double OTHER_SIZE = 100;

  /// Noise over signal, 10 dB.
  private static final double POOR = 0.1;

  private final int axis;
  private final long[] counts; // [channels]
  private final double[] means; // [channels], of the float model
  private final double[] squares; // [channels], sum (r - mean)^2
  private final double[] noise; // [channels], sum (q - r)^2

  private ChannelSums(int axis, int channels) {
    this.axis = axis;
    this.counts = new long[channels];
    this.means = new double[channels];
    this.squares = new double[channels];
    this.noise = new double[channels];
  }

  /// Of one sample; empty where the axis is none or too long. Elements that are not finite in both are left out.
  ///
  /// @param axis from the front
  static Optional<ChannelSums> of(float[] reference, float[] other, Shape shape, int axis) {
    if (axis < 0 || axis >= shape.rank() || shape.dim(axis) > ChannelLayout.MOST_CHANNELS) {
      return Optional.empty();
    }
    Channels channels = Channels.of(shape, axis);
    ChannelSums sums = new ChannelSums(axis, channels.count());
    for (int i = 0; i < reference.length; i++) {
      sums.addMean(channels.of(i), reference[i], other[i]);
    }
    for (int c = 0; c < channels.count(); c++) {
      sums.means[c] /= Math.max(1, sums.counts[c]);
    }
    for (int i = 0; i < reference.length; i++) {
      sums.addSquare(channels.of(i), reference[i], other[i]);
    }
    return Optional.of(sums);
  }

  private void addMean(int channel, float r, float q) {
    if (Double.isFinite((double) q - r)) {
      counts[channel]++;
      means[channel] += r;
    }
  }

  private void addSquare(int channel, float r, float q) {
    double error = (double) q - r;
    if (Double.isFinite(error)) {
      double from = r - means[channel];
      squares[channel] += from * from;
      noise[channel] += error * error;
    }
  }

  /// Both together; empty where they do not have the same channels.
  Optional<ChannelSums> plus(ChannelSums more) {
    if (axis != more.axis || counts.length != more.counts.length) {
      return Optional.empty();
    }
    ChannelSums sum = new ChannelSums(axis, counts.length);
    for (int c = 0; c < counts.length; c++) {
      long count = counts[c] + more.counts[c];
      double apart = more.means[c] - means[c];
      double share = (double) more.counts[c] / Math.max(1, count);
      sum.counts[c] = count;
      sum.means[c] = means[c] + apart * share;
      sum.squares[c] = squares[c] + more.squares[c] + apart * apart * share * counts[c];
      sum.noise[c] = noise[c] + more.noise[c];
    }
    return Optional.of(sum);
  }

  /// The channel that is farthest off, the first of several; empty where none carries a signal or there are too few elements to tell.
  ///
  /// @param layout says which channels are of one kind
  Optional<ChannelFigure> worst(ChannelLayout layout) {
    int[] kinds = layout.isList() ? bySize() : inRuns(layout.kinds());
    double[] typical = typical(kinds);
    Optional<ChannelFigure> worst = Optional.empty();
    int poor = 0;
    for (int c = 0; c < counts.length; c++) {
      if (counts[c] < FEWEST || typical[kinds[c]] == 0) {
        continue;
      }
      ChannelFigure figure =
          new ChannelFigure(
              axis, c, counts.length, 0, signal(c, typical[kinds[c]]), noise[c] / counts[c]);
      poor += figure.noiseShare() > POOR ? 1 : 0;
      boolean isWorse = worst.isEmpty() || worst.get().noiseShare() < figure.noiseShare();
      worst = isWorse ? Optional.of(figure) : worst;
    }
    int many = poor;
    return worst.map(figure -> figure.withPoor(many));
  }

  /// @return // [channels], a number a kind
  private int[] inRuns(List<Integer> firsts) {
    int[] kinds = new int[counts.length];
    for (int first : firsts) {
      for (int c = first; c < kinds.length; c++) {
        kinds[c]++;
      }
    }
    return kinds;
  }

  /// Quantities that are much smaller than the next larger are of another kind.
  ///
  /// @return // [channels], a number a kind
  private int[] bySize() {
    List<Integer> order =
        IntStream.range(0, counts.length)
            .boxed()
            .sorted(Comparator.comparingDouble(this::told))
            .toList();
    int[] kinds = new int[counts.length];
    int kind = 0;
    for (int i = 1; i < order.size(); i++) {
      kind += told(order.get(i)) > OTHER_SIZE * told(order.get(i - 1)) ? 1 : 0;
      kinds[order.get(i)] = kind;
    }
    return kinds;
  }

  /// @return // [kinds], mean power of what their channels say
  private double[] typical(int[] kinds) {
    int most = Arrays.stream(kinds).max().orElse(0);
    double[] sums = new double[most + 1];
    long[] elements = new long[most + 1];
    for (int c = 0; c < kinds.length; c++) {
      sums[kinds[c]] += told(c) * counts[c];
      elements[kinds[c]] += counts[c];
    }
    for (int kind = 0; kind <= most; kind++) {
      sums[kind] /= Math.max(1, elements[kind]);
    }
    return sums;
  }

  private double signal(int channel, double typical) {
    double own = told(channel);
    return own >= typical ? own : Math.sqrt(Math.max(own, QUIETEST * typical) * typical);
  }

  /// Mean power of what a channel says: what is the same in all samples and positions counts for little of it.
  private double told(int channel) {
    double variation = squares[channel] / Math.max(1, counts[channel]);
    double power = variation + means[channel] * means[channel];
    return variation <= CONSTANT * power ? 0 : Math.min(power, OF_VARIATION * variation);
  }

  @Override
  public String toString() {
    return "channels on axis %d: counts %s, squares %s, noise %s"
        .formatted(axis, Arrays.toString(counts), Arrays.toString(squares), Arrays.toString(noise));
  }
}
