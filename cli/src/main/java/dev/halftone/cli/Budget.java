package dev.halftone.cli;

import dev.halftone.Quantizer;
import dev.halftone.calibrate.Statistics;
import dev.halftone.data.Dataset;
import dev.halftone.graph.Model;
import dev.halftone.plan.bits.Allocation;
import dev.halftone.search.MixedPrecision;
import java.util.Locale;

/// The limit on what the weights may take.
sealed interface Budget {

  /// @param average bits a weight
  record Bits(double average) implements Budget {
    public Bits {
      if (!(average >= Allocation.FEWEST && average <= Allocation.MOST)) {
        throw new IllegalArgumentException(
            "--bits is 2 to 8 bits a weight or 'fewest', not " + average);
      }
    }

    /// Throws IllegalArgumentException, with a sentence for the reader, where it is no number that bits can be.
    static Bits parse(String text) {
      try {
        return new Bits(Double.parseDouble(text));
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException(
            "--bits is 2 to 8 bits a weight or 'fewest', not " + text, e);
      }
    }
  }

  /// @param most bytes of the file
  record Bytes(long most) implements Budget {}

  default MixedPrecision spend(
      Quantizer quantizer, Model prepared, Statistics statistics, Dataset data) {
    return switch (this) {
      case Bits(double average) ->
          MixedPrecision.ofBits(quantizer, prepared, statistics, data, average);
      case Bytes(long most) -> MixedPrecision.ofSize(quantizer, prepared, statistics, data, most);
    };
  }

  /// For a reader: which layers cost most and what they got.
  static String note(MixedPrecision mixed) {
    StringBuilder note =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                "A weight takes %.2f bits on average; the layers whose weights cost most at 4 bits are",
                mixed.allocation().average()));
    double all = mixed.layers().stream().mapToDouble(layer -> layer.noise()).sum();
    String separator = " ";
    for (var layer :
        Allocation.ranked(mixed.layers()).subList(0, Math.min(5, mixed.layers().size()))) {
      note.append(separator)
          .append(
              String.format(
                  Locale.ROOT,
                  "%s (%.0f %% of the error, %.1f %% of the weights: %d bits)",
                  layer.node(),
                  all > 0 ? 100 * layer.noise() / all : 0,
                  100.0
                      * layer.weights()
                      / mixed.layers().stream().mapToLong(l -> l.weights()).sum(),
                  mixed.allocation().bits().get(layer.node())));
      separator = ", ";
    }
    return note.append('.').toString();
  }
}
