package dev.halftone.session;

import dev.halftone.plan.bits.Allocation;
import dev.halftone.plan.bits.LayerNoise;
import dev.halftone.search.MixedPrecision;
import java.util.Locale;

/// Words for how a budget of bits was spent.
final class BitBudget {

  /// As many layers are told of.
  private static final int TOLD = 5;

  private BitBudget() {}

  /// For a reader: which layers cost most and what they got.
  static String note(MixedPrecision mixed) {
    StringBuilder note =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                "A weight takes %.2f bits on average; the layers whose weights cost most at 4 bits are",
                mixed.allocation().average()));
    double all = mixed.layers().stream().mapToDouble(LayerNoise::noise).sum();
    long weights = mixed.layers().stream().mapToLong(LayerNoise::weights).sum();
    String separator = " ";
    for (LayerNoise layer :
        Allocation.ranked(mixed.layers()).subList(0, Math.min(TOLD, mixed.layers().size()))) {
      note.append(separator)
          .append(
              String.format(
                  Locale.ROOT,
                  "%s (%.0f %% of the error, %.1f %% of the weights: %d bits)",
                  layer.node(),
                  all > 0 ? 100 * layer.noise() / all : 0,
                  100.0 * layer.weights() / weights,
                  mixed.allocation().bits().get(layer.node())));
      separator = ", ";
    }
    return note.append('.').toString();
  }
}
