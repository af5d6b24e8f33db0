package dev.halftone.verify;

import dev.halftone.meaning.OutputKind;
import dev.halftone.metric.PairedAccuracy;
import dev.halftone.metric.Sqnr;
import java.util.List;
import java.util.Optional;

/// Figures put together from numbers.
public final class MadeFigures {

  private MadeFigures() {}

  public static Comparison comparison(String data, int samples, OutputFigures... outputs) {
    return new Comparison(
        data, samples, List.of(outputs), List.of(), Comparison.Changes.NONE, List.of());
  }

  /// An output of which only the distance is known.
  public static OutputFigures output(String name, OutputKind kind, int classes, Sqnr sqnr) {
    return output(name, kind, "", classes, sqnr);
  }

  /// @param because what says of which kind it is
  public static OutputFigures output(
      String name, OutputKind kind, String because, int classes, Sqnr sqnr) {
    return new OutputFigures(
        new OutputFigures.Output(name, kind, because, true, classes),
        new OutputFigures.Distance(sqnr, Optional.empty(), Optional.empty()),
        OutputFigures.AnswerFigures.NONE,
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /// The output with answers.
  public static OutputFigures answering(
      OutputFigures output,
      Optional<PairedAccuracy> top1,
      Optional<PairedAccuracy> top5,
      Optional<Agreement> agreement) {
    return new OutputFigures(
        output.output(),
        output.distance(),
        new OutputFigures.AnswerFigures(top1, top5, agreement, Optional.empty()),
        output.text(),
        output.directions(),
        output.rows());
  }
}
