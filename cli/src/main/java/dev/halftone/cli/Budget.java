package dev.halftone.cli;

import dev.halftone.MixedPrecision;
import dev.halftone.Quantizer;
import dev.halftone.calibrate.Statistics;
import dev.halftone.data.Dataset;
import dev.halftone.graph.Model;
import dev.halftone.plan.bits.Allocation;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What the weights may take.
sealed interface Budget {

  /// @param average bits a weight
  record Bits(double average) implements Budget {
    public Bits {
      if (!(average >= Allocation.FEWEST && average <= Allocation.MOST)) {
        throw new IllegalArgumentException("--bits is 2 to 8 bits a weight, not " + average);
      }
    }
  }

  /// @param most bytes of the file
  record Bytes(long most) implements Budget {}

  Pattern SIZE = Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*(B|kB|KB|MB|GB|KiB|MiB|GiB)");

  Map<String, Long> UNITS =
      Map.of(
          "B", 1L,
          "kB", 1000L,
          "KB", 1000L,
          "MB", 1_000_000L,
          "GB", 1_000_000_000L,
          "KiB", 1L << 10,
          "MiB", 1L << 20,
          "GiB", 1L << 30);

  /// As in `4MB`, `2.5 MiB`.
  static long parseBytes(String text) {
    Matcher size = SIZE.matcher(text.strip());
    if (!size.matches()) {
      throw new IllegalArgumentException(
          "--max-size is a number with a unit, as in 4MB, 900kB or 2.5MiB, not '" + text + "'");
    }
    long bytes =
        new BigDecimal(size.group(1))
            .multiply(BigDecimal.valueOf(UNITS.getOrDefault(size.group(2), 1L)))
            .longValue();
    if (bytes < 1) {
      throw new IllegalArgumentException("--max-size is 1 byte or more, not '" + text + "'");
    }
    return bytes;
  }

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
