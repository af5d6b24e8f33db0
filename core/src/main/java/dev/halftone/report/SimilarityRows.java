package dev.halftone.report;

import static dev.halftone.wording.Figures.text;

import dev.halftone.metric.CosineSpread;
import dev.halftone.verify.ScoredPairs;
import dev.halftone.verify.Similarity;
import dev.halftone.verify.TaskFigures.Directions;
import dev.halftone.wording.Figures;
import java.util.List;

/// The lines of the table that tell of embeddings.
final class SimilarityRows {

  private SimilarityRows() {}

  static void add(List<Metric> metrics, Directions directions) {
    metrics.add(Metric.only("cosine to float, mean", Metric.ratio(directions.mean())));
    directions
        .firstPercentile()
        .ifPresent(low -> metrics.add(Metric.only("cosine to float, 1 %", Metric.ratio(low))));
    metrics.add(Metric.only("cosine to float, worst", Metric.ratio(directions.worst())));
    Similarity similarity = directions.similarity();
    similarity
        .lengths()
        .ifPresent(lengths -> {
          metrics.add(spread("up to %d tokens".formatted(lengths.border()), lengths.shorter()));
          metrics.add(spread("over %d tokens".formatted(lengths.border()), lengths.longer()));
        });
    similarity
        .neighbours()
        .ifPresent(found -> {
          metrics.add(
              Metric.only(
                  "nearest %d as float's".formatted(found.nearest()),
                  text("%s of %,d", Figures.percent(found.overlap()), found.vectors())));
          metrics.add(
              Metric.only("... asking float's index", Figures.percent(found.inFloatIndex())));
        });
    similarity.pairs().map(SimilarityRows::ranking).ifPresent(metrics::add);
  }

  static Metric ranking(ScoredPairs pairs) {
    return new Metric(
        text("Spearman, %,d pairs", pairs.pairs()),
        Metric.ratio(pairs.floatModel()),
        Metric.ratio(pairs.quantized()),
        text("%+.4f", pairs.change()));
  }

  private static Metric spread(String name, CosineSpread spread) {
    return Metric.only("... " + name, text("%.4f, worst %.4f", spread.mean(), spread.worst()));
  }
}
