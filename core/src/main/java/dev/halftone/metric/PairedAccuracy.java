package dev.halftone.metric;

import com.fasterxml.jackson.annotation.JsonGetter;
import java.util.OptionalInt;

/// The accuracy of the float and the quantized model on the same labelled inputs.
///
/// @param inputs labelled inputs
/// @param floatRight inputs the float model is right on
/// @param quantizedRight inputs the quantized model is right on
/// @param lost inputs only the float model is right on
/// @param gained inputs only the quantized model is right on
public record PairedAccuracy(int inputs, int floatRight, int quantizedRight, int lost, int gained) {

  public PairedAccuracy {
    if (inputs < 1
        || quantizedRight - floatRight != gained - lost
        || lost < 0
        || gained < 0
        || lost > floatRight
        || gained > quantizedRight
        || floatRight + gained > inputs) {
      throw new IllegalArgumentException(
          "inconsistent counts: of %d inputs %d and %d right, %d lost, %d gained"
              .formatted(inputs, floatRight, quantizedRight, lost, gained));
    }
  }

  @JsonGetter("floatModel")
  public Proportion floatModel() {
    return new Proportion(floatRight, inputs);
  }

  @JsonGetter("quantized")
  public Proportion quantized() {
    return new Proportion(quantizedRight, inputs);
  }

  /// Quantized minus float, in [-1, 1]; negative where accuracy was lost.
  @JsonGetter("change")
  public double change() {
    return (double) (gained - lost) / inputs;
  }

  /// 95 % interval of [#change]: the adjusted Wald interval for matched pairs of Agresti and Min, "Simple improved confidence
  /// intervals for comparing matched proportions", Statistics in Medicine 24 (2005): half an input is added to each of the four cells.
  @JsonGetter("changeInterval")
  public Interval changeInterval() {
    return interval(1);
  }

  /// How many inputs would make the lower end of [#changeInterval] reach no lower than `-drop`, if lost and gained answers stayed as
  /// frequent as here; rounded up to two figures. Empty where no such number up to a million would.
  ///
  /// @param drop in [0, 1]
  public OptionalInt inputsToRuleOut(double drop) {
    for (double times = 1; inputs * times <= 1e6; times *= 1.02) {
      if (interval(times).low() >= -drop) {
        return OptionalInt.of(twoFigures(inputs * times));
      }
    }
    return OptionalInt.empty();
  }

  /// How many inputs would make [#changeInterval] leave out 0, by the normal approximation, if lost and gained answers stayed as frequent as
  /// here; rounded up to two figures. Empty where as many are lost as gained.
  public OptionalInt inputsToShowChange() {
    double difference = gained - lost;
    double times = Proportion.Z * Proportion.Z * (lost + gained) / (difference * difference);
    return difference == 0 ? OptionalInt.empty() : OptionalInt.of(twoFigures(inputs * times));
  }

  private static int twoFigures(double number) {
    double unit = Math.max(1, Math.pow(10, Math.floor(Math.log10(number)) - 1));
    return (int) (Math.ceil(number / unit) * unit);
  }

  /// @param times as many inputs, of which the same shares are lost and gained
  private Interval interval(double times) {
    double n = inputs * times + 2;
    double b = lost * times + 0.5;
    double c = gained * times + 0.5;
    double middle = (c - b) / n;
    double half = Proportion.Z * Math.sqrt(b + c - (c - b) * (c - b) / n) / n;
    return new Interval(Math.max(-1, middle - half), Math.min(1, middle + half));
  }

  /// Probability of a difference at least this large between two models that are equally good; see [McNemar].
  @JsonGetter("pValue")
  public double pValue() {
    return new McNemar(lost, gained).pValue();
  }

  /// From `low` to `high`, both included.
  public record Interval(double low, double high) {

    public Interval {
      if (!(low <= high)) {
        throw new IllegalArgumentException("no interval from " + low + " to " + high);
      }
    }
  }
}
