package dev.halftone.diagnose;

import dev.halftone.wording.Figures;

/// Why a part of a quantized network errs as much as it does, with the numbers that show it.
public sealed interface Cause {

  /// As in `channel 37 of 96 makes 62.0 % of its error`.
  default String sentence() {
    return switch (this) {
      case OutlierChannel(int channel, int channels, double share) ->
          "channel %d of %d makes %s of its error"
              .formatted(channel, channels, Figures.percent(share));
      case OutlierValues(double greatest, double typical) ->
          Figures.text(
              "its values reach %.3g and are %.3g in root mean square, so that most share a few steps",
              greatest, typical);
      case UnlikeInputs(double least, double greatest) ->
          Figures.text(
              "Concat forces one scale on unlike inputs, of %.2g and %.2g in root mean square",
              least, greatest);
      case Clipped(double values, double error) ->
          Figures.text(
              "%.2g %% of its values lie beyond its range and make %s of its error",
              values * 100, Figures.percent(error));
      case BiasOverflow(int channel, int steps) ->
          "the bias of channel %d would overflow 32 bits, which leaves its weights %d of 127 steps"
              .formatted(channel, steps);
      case FewBits(int bits) -> "%d bits are few for it".formatted(bits);
      case Even(int bits) ->
          "nothing stands out, %d bits are too coarse for all of it".formatted(bits);
    };
  }

  /// @param share of the error's power, in [0, 1]
  record OutlierChannel(int channel, int channels, double share) implements Cause {}

  /// @param greatest magnitude within the range
  /// @param typical root mean square
  record OutlierValues(double greatest, double typical) implements Cause {}

  /// Of a Concat.
  ///
  /// @param least root mean square of the input with the smallest values
  /// @param greatest that of the input with the largest
  record UnlikeInputs(double least, double greatest) implements Cause {}

  /// @param values share of values that are cut off, in [0, 1]
  /// @param error share of the error's power that this makes, in [0, 1]
  record Clipped(double values, double error) implements Cause {}

  /// An int32 bias has the scale of the input times that of the weights, which must then be larger than the weights ask for.
  ///
  /// @param steps greatest integer among the weights of the channel
  record BiasOverflow(int channel, int steps) implements Cause {}

  /// @param bits fewer than 8
  record FewBits(int bits) implements Cause {}

  record Even(int bits) implements Cause {}
}
