package dev.halftone.report;

import dev.halftone.verify.ChannelFigure;
import dev.halftone.verify.Comparison;
import dev.halftone.verify.OutputFigures;
import dev.halftone.wording.Figures;
import java.util.Comparator;
import java.util.List;

/// A line of the table of outputs. Empty texts say that there is nothing to say.
///
/// @param worst of values, its worst channel
/// @param same share of answers, positions or rows that are the float model's
record OutputRow(String name, String kind, String sqnr, String worst, String cosine, String same) {

  static final List<String> HEAD =
      List.of("output", "judged as", "SQNR", "worst channel", "cosine", "the same");

  /// In the model's order; the `most` worst ones where there are more.
  static List<OutputRow> of(Comparison comparison, int most) {
    List<OutputFigures> outputs = comparison.outputs();
    List<OutputFigures> told =
        outputs.size() <= most
            ? outputs
            : outputs.stream()
                .sorted(
                    Comparator.comparing((OutputFigures output) -> !output.isJudged())
                        .thenComparing(
                            Comparator.comparingDouble(OutputFigures::noiseShare).reversed()))
                .limit(most)
                .toList();
    return told.stream().map(OutputRow::of).toList();
  }

  List<String> cells() {
    return List.of(name, kind, sqnr, worst, cosine, same);
  }

  private static OutputRow of(OutputFigures output) {
    return new OutputRow(
        output.name(),
        output.isJudged() ? output.kind().text() : "not judged",
        output.isNumber() ? Figures.decibels(output.sqnr().decibels()) : "",
        output.worst().filter(worst -> worst.channels() > 1).map(OutputRow::channel).orElse(""),
        output
            .directions()
            .map(directions ->
                Metric.ratio(directions.mean()) + ", worst " + Metric.ratio(directions.worst()))
            .orElse(output.isNumber() ? Metric.ratio(output.sqnr().cosine()) : ""),
        same(output));
  }

  private static String channel(ChannelFigure worst) {
    return "%s (%d of %d)"
        .formatted(Figures.decibels(worst.decibels()), worst.channel(), worst.channels());
  }

  private static String same(OutputFigures output) {
    if (output.rows().isPresent()) {
      return Figures.percent(output.rows().get().share()) + " of rows";
    }
    return output
        .agreement()
        .map(agreement ->
            Figures.percent(agreement.of(output.kind()).value())
                + (agreement.isByInput(output.kind()) ? "" : " of positions"))
        .orElse("");
  }
}
