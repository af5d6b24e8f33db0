package dev.halftone.verify;

import dev.halftone.meaning.OutputKind;
import java.util.Optional;

/// Says whether a text has the same result in every batch.
public final class BatchWords {

  private BatchWords() {}

  /// A clause where quantization made results depend on the batch; empty where it did not, or that was not measured.
  public static Optional<String> lost(Comparison comparison) {
    return comparison
        .batch()
        .filter(BatchFigures::isLost)
        .map(figures -> figures.clause(noun(comparison)));
  }

  /// A sentence of what was measured; empty where nothing was.
  public static Optional<String> sentence(Comparison comparison) {
    return comparison
        .batch()
        .map(figures ->
            "%s: %d texts, alone and in padded batches of %d with a long one and a short one."
                .formatted(
                    capitalized(figures.clause(noun(comparison))),
                    figures.texts(),
                    figures.batch()));
  }

  private static String capitalized(String clause) {
    return Character.toUpperCase(clause.charAt(0)) + clause.substring(1);
  }

  private static String noun(Comparison comparison) {
    return comparison.judged().stream()
            .filter(output -> output.batch().isPresent())
            .map(OutputFigures::kind)
            .allMatch(kind -> kind == OutputKind.EMBEDDING)
        ? "vector"
        : "result";
  }
}
