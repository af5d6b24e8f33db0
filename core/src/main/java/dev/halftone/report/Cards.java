package dev.halftone.report;

import dev.halftone.judge.Verdict;
import dev.halftone.meaning.OutputKind;
import dev.halftone.metric.PairedAccuracy;
import dev.halftone.verify.Comparison;
import dev.halftone.wording.Figures;

/// The few numbers in large type at the top of the page.
final class Cards {

  private final Markup page;

  private Cards(Markup page) {
    this.page = page;
  }

  static void draw(Markup page, Verdict verdict) {
    Cards cards = new Cards(page);
    page.open("dl", "class", "cards");
    cards.card("size", Metric.change(verdict.sizeRatio(), "smaller", "larger"), "");
    verdict
        .speed()
        .ifPresent(
            speed -> cards.card("speed", Metric.change(speed.ratio(), "faster", "slower"), ""));
    verdict.comparison().ifPresent(cards::of);
    page.close();
  }

  private void of(Comparison comparison) {
    if (comparison.top1().isPresent()) {
      PairedAccuracy top1 = comparison.top1().get();
      card("top-1", Figures.points(top1.change()), Figures.pValue(top1.pValue()));
    }
    comparison
        .agreement()
        .ifPresent(agreement ->
            card(
                comparison.kind() == OutputKind.TEXT ? "same text" : "same answer",
                Figures.percent(agreement.inputs().value()),
                ""));
    comparison
        .directions()
        .ifPresent(directions -> card("cosine, mean", Figures.text("%.4f", directions.mean()), ""));
    comparison
        .batch()
        .ifPresent(batch ->
            card(
                "same in every batch",
                batch.isInvariant() ? "yes" : "no",
                Figures.text("worst %.5f", batch.quantized().worst())));
    boolean isOne = comparison.outputs().size() == 1;
    if (comparison.worst().isNumber()) {
      card(
          isOne ? "output SQNR" : "worst output SQNR",
          Figures.decibels(comparison.decibels()),
          isOne ? "" : comparison.worst().name());
    }
  }

  private void card(String name, String value, String note) {
    page.open("div").element("dt", name).open("dd").text(value);
    if (!note.isEmpty()) {
      page.element("small", note);
    }
    page.close().close();
  }
}
