package dev.halftone.recipe;

import dev.halftone.InvalidRecipeException;
import java.util.Locale;

/// The rule that chooses the range of an activation from what was seen of it.
public sealed interface Observer {

  /// What [#parse] reads, for messages.
  String LEGAL = "one of minmax, moving-average, percentile[:99.99], entropy, mse, output";

  /// The lowest and highest value seen.
  record MinMax() implements Observer {}

  /// The average over samples of each sample's lowest and highest value. (Called moving average elsewhere; an average that moves would
  /// depend on the order of the data, this one does not.)
  record MovingAverage() implements Observer {}

  /// The range that holds this share of the values, the rest cut off equally at both ends.
  ///
  /// @param percent above 50, at most 100
  record Percentile(double percent) implements Observer {
    public Percentile {
      if (!(percent > 50 && percent <= 100)) {
        throw new InvalidRecipeException(
            "observer: percentile takes a percentage above 50 and at most 100, not " + percent);
      }
    }
  }

  /// The range whose quantized distribution is nearest in Kullback-Leibler divergence (Migacz 2017, "8-bit inference with TensorRT"),
  /// over 2048 bins.
  record Entropy() implements Observer {}

  /// The range with the least mean squared error of the quantized values.
  record Mse() implements Observer {}

  /// The range of whichever of the others makes the least error of the network's output, as far as samples can tell it from that of
  /// [Mse]; without samples that one.
  record Output() implements Observer {}

  /// Throws InvalidRecipeException, whose message begins with `observer`, the name of the field and of the option.
  ///
  /// Reads `minmax`, `moving-average`, `percentile`, `percentile:99.9`, `entropy`, `mse` or `output`.
  static Observer parse(String text) {
    String[] parts = text.toLowerCase(Locale.ROOT).split(":", 2);
    if (parts.length == 2 && !parts[0].equals("percentile")) {
      throw new InvalidRecipeException(
          "observer: " + parts[0] + " takes no number, but " + text + " gives one");
    }
    return switch (parts[0]) {
      case "minmax", "min-max" -> new MinMax();
      case "moving-average" -> new MovingAverage();
      case "percentile" -> new Percentile(parts.length == 2 ? number(text, parts[1]) : 99.99);
      case "entropy" -> new Entropy();
      case "mse" -> new Mse();
      case "output" -> new Output();
      default -> throw new InvalidRecipeException("observer is " + LEGAL + "; not " + text);
    };
  }

  private static double number(String text, String digits) {
    try {
      return Double.parseDouble(digits);
    } catch (NumberFormatException e) {
      throw new InvalidRecipeException(
          "observer: percentile takes a number as in percentile:99.99; not " + text);
    }
  }

  /// What chooses a range by the statistics of its tensor alone.
  default Observer withoutSamples() {
    return this instanceof Output ? new Mse() : this;
  }

  /// What [#parse] reads.
  default String text() {
    return switch (this) {
      case MinMax() -> "minmax";
      case MovingAverage() -> "moving-average";
      case Percentile(double percent) -> "percentile:" + percent;
      case Entropy() -> "entropy";
      case Mse() -> "mse";
      case Output() -> "output";
    };
  }
}
