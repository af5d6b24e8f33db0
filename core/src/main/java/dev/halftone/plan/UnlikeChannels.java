package dev.halftone.plan;

import dev.halftone.calibrate.ChannelStatistics;
import dev.halftone.calibrate.TensorStatistics;
import dev.halftone.scheme.Affine;
import dev.halftone.scheme.ChannelValues;
import dev.halftone.wording.Counted;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Tells whether one scale for a whole tensor would cost some of its channels their signal, as the scores of a detector beside its boxes:
/// decided from statistics, before anything is measured.
///
/// Rounding to a grid of step s adds noise of power s^2/12. A channel's signal is what varies of it. It is lost where that is less than
/// 20 dB above the noise, where a scale of its own would bring at least 12 dB (the channel takes fewer than 64 of the 256 levels), and
/// where other channels are 30 dB above the noise: where all are alike, the range is at fault and not that it is shared.
///
/// @param channels how many there are
/// @param lost which of them lose their signal, in order
/// @param ratio of the widest channel's range to the middle one's among the lost
/// @param levels of the shared grid that the widest of the lost takes
record UnlikeChannels(int channels, List<Integer> lost, double ratio, int levels) {

  private static final double LOST = 100;
  private static final double KEPT = 1000;
  private static final int LEVELS = 64;

  /// Of the power, what may be no variation but the rounding of its sum.
  private static final double ROUNDING = 1e-6;

  /// More runs of channels than these are counted, not listed.
  private static final int LISTED = 3;

  UnlikeChannels {
    lost = List.copyOf(lost);
  }

  /// @param grid that the whole tensor would have
  static Optional<UnlikeChannels> of(TensorStatistics seen, Affine grid) {
    return seen.channels().stream()
        .flatMap(along -> of(along, seen.samples(), grid.scale()).stream())
        .findFirst();
  }

  private static Optional<UnlikeChannels> of(ChannelStatistics along, long samples, double scale) {
    double noise = scale * scale / 12;
    List<Integer> lost = new ArrayList<>();
    List<Double> ranges = new ArrayList<>();
    double widest = 0;
    boolean others = false;
    for (int c = 0; c < along.channels().size(); c++) {
      ChannelValues channel = along.channels().get(c);
      double variance = channel.variance(samples);
      widest = Math.max(widest, channel.range());
      others |= variance >= KEPT * noise;
      if (variance > ROUNDING * channel.power(samples)
          && variance < LOST * noise
          && channel.range() < LEVELS * scale) {
        lost.add(c);
        ranges.add(channel.range());
      }
    }
    if (lost.isEmpty() || !others) {
      return Optional.empty();
    }
    ranges.sort(null);
    double middle = ranges.get(ranges.size() / 2);
    int levels = (int) (ranges.getLast() / scale) + 1;
    return Optional.of(new UnlikeChannels(along.channels().size(), lost, widest / middle, levels));
  }

  /// As a reason.
  String words() {
    return "channels differ %s-fold in size: on one scale %s would keep %s"
        .formatted(rounded(ratio), which(), Counted.of(levels, "level"));
  }

  /// Two digits of it.
  private static String rounded(double ratio) {
    double unit = Math.pow(10, Math.floor(Math.log10(ratio)) - 1);
    return String.format(
        Locale.ROOT, ratio < 10 ? "%.1f" : "%.0f", Math.round(ratio / unit) * unit);
  }

  private String which() {
    List<String> runs = new ArrayList<>();
    for (int from = 0, to; from < lost.size(); from = to) {
      to = from + 1;
      while (to < lost.size() && lost.get(to) == lost.get(to - 1) + 1) {
        to++;
      }
      runs.add(to - from == 1 ? "" + lost.get(from) : lost.get(from) + " to " + lost.get(to - 1));
    }
    if (runs.size() > LISTED) {
      return lost.size() + " of " + channels;
    }
    return String.join(", ", runs);
  }
}
