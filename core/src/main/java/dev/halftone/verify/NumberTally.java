package dev.halftone.verify;

import dev.halftone.data.text.TextPairs;
import dev.halftone.data.text.TextPairs.Pair;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Keeps, in index order, the numbers of an output that has one a sample, up to a million: the scores that a reranker gives to pairs.
final class NumberTally {

  private static final int MOST = 1 << 20;

  private float[] floatModel = new float[64];
  private float[] quantized = new float[64];
  private int kept;

  void add(VectorPair pair) {
    if (kept == MOST) {
      return;
    }
    if (kept == floatModel.length) {
      floatModel = Arrays.copyOf(floatModel, 2 * kept);
      quantized = Arrays.copyOf(quantized, 2 * kept);
    }
    floatModel[kept] = pair.reference()[0];
    quantized[kept++] = pair.quantized()[0];
  }

  /// Of pairs that are one input.
  Optional<ScoredPairs> scored(TextPairs pairs) {
    List<Pair> known =
        pairs.pairs().stream()
            .filter(pair -> pair.first() == pair.second() && pair.first() < kept)
            .toList();
    return ScoredPairs.of(known, pair -> floatModel[pair.first()], pair -> quantized[pair.first()]);
  }
}
