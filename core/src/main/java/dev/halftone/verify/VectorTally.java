package dev.halftone.verify;

import dev.halftone.data.text.TextPairs;
import dev.halftone.data.text.TextPairs.Pair;
import dev.halftone.metric.CosineSpread;
import dev.halftone.metric.Cosines;
import dev.halftone.metric.Neighbours;
import dev.halftone.verify.Similarity.ByLength;
import dev.halftone.verify.TaskFigures.Directions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/// Adds up, in index order, what samples say of embeddings. Of each vector a cosine is kept, up to a number; of the first ones the vectors
/// themselves.
final class VectorTally {

  /// Cosines of more are in mean and worst only.
  private static final int MOST_COSINES = 1 << 20;

  /// Numbers that are kept of each model: 32 MB.
  private static final long MOST_NUMBERS = 8L << 20;

  /// From this length on a text is long, where there are enough such.
  private static final int LONG = 128;

  /// Fewer texts of a length say nothing of it.
  private static final int ENOUGH = 10;

  private final List<float[]> reference = new ArrayList<>();
  private final List<float[]> quantized = new ArrayList<>();
  private double[] cosines = new double[64];
  private int[] tokens = new int[64]; // of each cosine; -1 where it is of no text
  private int kept;
  private long vectors;
  private double sum;
  private double worst = Double.POSITIVE_INFINITY;
  private String worstInput = "";

  /// @param id says which input it is, to a reader
  void add(VectorPair pair, String id) {
    Cosines directions = pair.cosines();
    boolean isOfOneKind = reference.isEmpty() || reference.getFirst().length == pair.width();
    boolean hasRoom = reference.size() == vectors && (vectors + 1) * pair.width() <= MOST_NUMBERS;
    if (pair.isOne() && isOfOneKind && hasRoom) {
      reference.add(pair.reference());
      quantized.add(pair.quantized());
    }
    vectors += directions.vectors();
    sum += directions.sum();
    for (double cosine : directions.each()) {
      keep(cosine, pair.tokens().orElse(-1));
    }
    if (directions.vectors() > 0 && directions.worst() < worst) {
      worst = directions.worst();
      worstInput = id;
    }
  }

  private void keep(double cosine, int length) {
    if (kept == MOST_COSINES) {
      return;
    }
    if (kept == cosines.length) {
      cosines = Arrays.copyOf(cosines, 2 * kept);
      tokens = Arrays.copyOf(tokens, 2 * kept);
    }
    cosines[kept] = cosine;
    tokens[kept++] = length;
  }

  /// @param pairs of samples, by their places
  Optional<Directions> result(Optional<TextPairs> pairs) {
    return vectors == 0
        ? Optional.empty()
        : Optional.of(
            new Directions(
                vectors,
                sum / vectors,
                worst,
                worstInput,
                OptionalDouble.of(CosineSpread.of(Arrays.copyOf(cosines, kept)).firstPercentile()),
                new Similarity(
                    Neighbours.of(reference, quantized), pairs.flatMap(this::scored), lengths())));
  }

  /// Of the pairs whose vectors are kept.
  private Optional<ScoredPairs> scored(TextPairs pairs) {
    List<Pair> known =
        pairs.pairs().stream()
            .filter(pair -> pair.first() != pair.second())
            .filter(pair -> Math.max(pair.first(), pair.second()) < reference.size())
            .toList();
    return ScoredPairs.of(known, pair -> cosine(pair, reference), pair -> cosine(pair, quantized));
  }

  private static double cosine(Pair pair, List<float[]> vectors) {
    return Cosines.between(vectors.get(pair.first()), vectors.get(pair.second()));
  }

  /// Over 128 tokens and the rest; where hardly a text is so long, the longer half and the shorter.
  private Optional<ByLength> lengths() {
    int[] known = IntStream.range(0, kept).map(i -> tokens[i]).filter(n -> n >= 0).toArray();
    if (known.length < kept || kept == 0) {
      return Optional.empty();
    }
    Arrays.sort(known);
    int median = known[(kept - 1) / 2];
    long over = Arrays.stream(known).filter(n -> n > LONG).count();
    int border = over >= ENOUGH ? LONG : median;
    double[] shorter =
        IntStream.range(0, kept)
            .filter(i -> tokens[i] <= border)
            .mapToDouble(i -> cosines[i])
            .toArray();
    double[] longer =
        IntStream.range(0, kept)
            .filter(i -> tokens[i] > border)
            .mapToDouble(i -> cosines[i])
            .toArray();
    return shorter.length < ENOUGH || longer.length < ENOUGH
        ? Optional.empty()
        : Optional.of(new ByLength(border, CosineSpread.of(shorter), CosineSpread.of(longer)));
  }
}
